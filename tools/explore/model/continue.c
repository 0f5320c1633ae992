/*
 * The rule by which a run goes on where nobody tells it how, and what sleeps
 * while it does. Shared by all executors and the search: they must agree.
 */
#include "../search/executor.h"

/* Lower is better: no luck, the clock, a budget, the end of the process. */
static unsigned rank(const struct rl_step *s, unsigned choice)
{
    if (s->op == RL_EXIT)
        return 3;
    if (s->op == RL_COND_SIGNAL || s->op == RL_BARRIER_LEAVE)
        return 0;
    switch (choice) {
    case RL_GO:
    case RL_CANCELLED:
        return 0;
    case RL_TIMEOUT:
        return 1;
    default:
        return 2;
    }
}

bool rl_continue(const struct rl_world *w, const struct rl_sleep *sleep,
                 unsigned last, struct rl_move *move, bool *asleep)
{
    unsigned best = 4;

    *asleep = false;
    for (unsigned i = 0; i < w->nthreads; i++) {
        /* the last first, then the others from slot 0 on */
        unsigned t = i == 0 ? last : i <= last ? i - 1 : i;
        uint64_t choices = rl_choices(w, t);
        uint64_t sleeping =
            sleep->threads & RL_BIT(t) ? choices & sleep->choices[t] : 0;

        if (sleeping)
            *asleep = true;
        for (choices &= ~sleeping; choices; choices &= choices - 1) {
            unsigned choice = (unsigned)__builtin_ctzll(choices);
            unsigned r = rank(&w->threads[t].pending, choice);

            if (r >= best)
                continue;
            best = r;
            move->thread = t;
            move->choice = choice;
        }
    }
    return best < 3 || (best == 3 && !*asleep);
}

void rl_sleep_step(const struct rl_world *w, const struct rl_rules *rules,
                   const struct rl_event *event, struct rl_sleep *sleep)
{
    uint64_t threads = sleep->threads;

    for (; threads; threads &= threads - 1) {
        unsigned t = (unsigned)__builtin_ctzll(threads);
        uint64_t awake = 0;

        for (uint64_t c = sleep->choices[t]; c; c &= c - 1) {
            unsigned choice = (unsigned)__builtin_ctzll(c);
            struct rl_event would;

            if (t != event->thread) {
                would = rl_foresee(w, t, choice);
                if (!rl_conflict(rules, event, &would))
                    continue;
            }
            awake |= RL_BIT(choice);
        }
        sleep->choices[t] &= ~awake;
        if (!sleep->choices[t])
            sleep->threads &= ~RL_BIT(t);
    }
}

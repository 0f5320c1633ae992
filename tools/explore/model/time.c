/*
 * Virtual time. The clock moves when every thread is blocked, to the earliest
 * deadline; or early, on a thread's budget, which stands for the others being
 * slow. A process about to exit is not blocked: it does not wait for timers.
 */
#include "inside.h"

static bool waits_for_time(const struct rl_world *w, unsigned t)
{
    return (w->live & RL_BIT(t)) && (rl_peek(w, t)->flags & RL_TIMED);
}

static bool all_blocked(const struct rl_world *w)
{
    for (unsigned t = 0; t < w->nthreads; t++)
        if ((w->live & RL_BIT(t)) && rl_ready(w, t))
            return false;
    return true;
}

static int64_t first_deadline(const struct rl_world *w)
{
    int64_t first = INT64_MAX;

    for (unsigned t = 0; t < w->nthreads; t++)
        if (waits_for_time(w, t) && rl_peek(w, t)->arg < first)
            first = rl_peek(w, t)->arg;
    return first;
}

uint64_t rl_timer_choices(const struct rl_world *w, unsigned t)
{
    int64_t deadline = rl_peek(w, t)->arg;
    uint64_t early;

    if (deadline <= w->now)
        return RL_BIT(RL_TIMEOUT);
    /* Early stays possible when all are blocked: no step of another thread
     * may take a choice away that it is independent of. */
    early = w->threads[t].early ? RL_BIT(RL_EARLY) : 0;
    if (deadline == first_deadline(w) && all_blocked(w))
        return early | RL_BIT(RL_TIMEOUT);
    return early;
}

void rl_timer_fire(struct rl_world *w, unsigned t, unsigned choice,
                   struct rl_effect *e)
{
    int64_t deadline = rl_peek(w, t)->arg;

    if (choice == RL_EARLY)
        w->threads[t].early--;
    if (w->now >= deadline)
        return;
    w->now = deadline;
    e->time_moved = choice == RL_TIMEOUT;
}

/* A sleeper is woken by the clock alone. */
uint64_t rl_time_choices(const struct rl_world *w, unsigned t)
{
    return rl_peek(w, t)->op == RL_SLEEP_WAKE ? 0 : RL_BIT(RL_GO);
}

void rl_time_apply(struct rl_world *w, unsigned t, unsigned choice,
                   struct rl_effect *e)
{
    switch (rl_peek(w, t)->op) {
    case RL_SLEEP:
        rl_pending(w, t)->arg += w->now;
        rl_then(w, t, RL_SLEEP_WAKE, 0, e);
        break;
    case RL_SLEEP_WAKE:
        rl_timer_fire(w, t, choice, e);
        break;
    default:
        e->value = w->now;
    }
}

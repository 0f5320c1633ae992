/* See needs.h. */
#include "needs.h"

/* A plain access that was noted between two points: no decision. */
static bool is_note(const struct rx_event *e)
{
    return !e->choices;
}

/* What the thread does next, from event i on. */
static enum rl_op next_op(const struct judge *j, unsigned thread, uint32_t i)
{
    const struct rx_shm *shm = server_shm(j->server);

    for (; i < shm->result.nevents; i++)
        if (shm->event[i].thread == thread && !is_note(&shm->event[i]))
            return shm->event[i].step.op;
    return server_world(j->server)->threads[thread].pending.op;
}

/* Main is not set aside when it waits for the others before it ends all. */
static bool preempts(const struct judge *j, uint32_t i,
                     const struct rx_event *before)
{
    const struct rx_event *e = &server_shm(j->server)->event[i];

    return before->thread != e->thread && e->enabled & RL_BIT(before->thread) &&
           next_op(j, before->thread, i) != RL_EXIT;
}

static bool picks_thread(enum rl_op op)
{
    return op == RL_COND_SIGNAL || op == RL_BARRIER_LEAVE;
}

struct needs needs_of(const struct judge *j)
{
    const struct rx_shm *shm = server_shm(j->server);
    const struct rx_event *before = NULL;
    struct needs n = {.cut_off = __builtin_popcountll(shm->result.cut)};

    for (uint32_t i = 0; i < shm->result.nevents; i++) {
        const struct rx_event *e = &shm->event[i];

        if (is_note(e))
            continue;
        n.preemptions += before && preempts(j, i, before);
        before = e;
        if (picks_thread(e->step.op))
            continue;
        n.spurious_wakeups += e->choice == RL_SPURIOUS;
        n.early_timers += e->choice == RL_EARLY;
        n.weak_cas_failures += e->choice == RL_WEAK_FAIL;
    }
    return n;
}

uint32_t needs_last_switch(const struct judge *j)
{
    const struct rx_shm *shm = server_shm(j->server);
    const struct rx_event *before = NULL;
    uint32_t last = UINT32_MAX;
    unsigned aside = RL_THREADS;

    for (uint32_t i = 0; i < shm->result.nevents; i++) {
        const struct rx_event *e = &shm->event[i];

        if (is_note(e))
            continue;
        if (e->thread == aside) {
            last = i;
            aside = RL_THREADS;
        }
        if (before && preempts(j, i, before))
            aside = before->thread;
        before = e;
    }
    return last;
}

json_t *needs_json(const struct needs *n)
{
    return json_pack("{s:i, s:i, s:i, s:i, s:i}", "preemptions", n->preemptions,
                     "spurious_wakeups", n->spurious_wakeups, "early_timers",
                     n->early_timers, "weak_cas_failures", n->weak_cas_failures,
                     "cut_off", n->cut_off);
}

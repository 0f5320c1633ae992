// POS (Yuan, Yang and Gu, CAV 2018, section 3): every pending step has a
// random priority and the highest goes; those that are in conflict with it
// draw anew. Orders of steps that conflict then come up evenly.
#include "strategy.h"

static uint64_t state;
static uint64_t priority[RL_THREADS + 1];
static bool drawn[RL_THREADS + 1];

static void begin(const struct rx_job *job)
{
    state = job->seed * 0x9e3779b97f4a7c15u + 4;
    for (unsigned t = 0; t <= RL_THREADS; t++)
        drawn[t] = false;
}

static bool in_conflict(const struct rl_step *a, const struct rl_step *b)
{
    for (unsigned i = 0; i < a->nrefs; i++)
        for (unsigned k = 0; k < b->nrefs; k++)
            if (a->refs[i].class == b->refs[k].class &&
                a->refs[i].key == b->refs[k].key &&
                (a->refs[i].mode != RL_READ || b->refs[k].mode != RL_READ))
                return true;
    return false;
}

static struct rx_pick pick(const struct rx_view *v)
{
    const struct rl_thread *threads = v->world->threads;
    uint64_t among = rx_ready(v);
    unsigned best = RL_THREADS;

    if (among & v->lazy)
        return rx_stay(v, among);
    for (unsigned t = 0; t < v->world->nthreads; t++) {
        if (!drawn[t])
            priority[t] = rx_random(&state);
        drawn[t] = true;
        if ((among & RL_BIT(t)) &&
            (best == RL_THREADS || priority[t] > priority[best]))
            best = t;
    }
    drawn[best] = false;
    for (unsigned t = 0; t < v->world->nthreads; t++)
        if (t != best && (among & RL_BIT(t)) &&
            in_conflict(&threads[t].pending, &threads[best].pending))
            drawn[t] = false;
    return (struct rx_pick){(uint8_t)best, (uint8_t)rx_usual(v, best)};
}

const struct rx_strategy rx_pos = {.name = "pos", .begin = begin, .pick = pick};

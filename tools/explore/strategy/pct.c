// PCT (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010, section
// 3): random distinct priorities, the highest thread that can go on runs,
// and at param[0]-1 random steps of the first param[1] the running thread
// drops below all others. A bug of depth d among n threads and k steps is
// found with probability at least 1/(n k^(d-1)) a run.
//
// A thread that waits in a loop drops to the bottom too, or it would keep
// the one that it waits for from running.
#include "strategy.h"

enum { MAX_DEPTH = 16, EARLY_ONE_IN = 16 };

static uint64_t state;
static int64_t priority[RL_THREADS + 1];
static int64_t change[MAX_DEPTH];
static int depth;
static int64_t steps, lowest;

static void begin(const struct rx_job *job)
{
    int64_t k = job->param[1] > 0 ? job->param[1] : 100;

    state = job->seed * 0x9e3779b97f4a7c15u + 3;
    depth = job->param[0] > 0 ? (int)job->param[0] : 3;
    if (depth > MAX_DEPTH)
        depth = MAX_DEPTH;
    for (unsigned t = 0; t <= RL_THREADS; t++)
        priority[t] = (int64_t)(rx_random(&state) >> 2);
    for (int i = 0; i < depth - 1; i++)
        change[i] = 1 + (int64_t)(rx_random(&state) % (uint64_t)k);
    steps = 0;
    lowest = 0;
}

static unsigned highest(const struct rx_view *v, uint64_t among)
{
    unsigned best = RL_THREADS;

    for (unsigned t = 0; t < v->world->nthreads; t++)
        if ((among & RL_BIT(t)) &&
            (best == RL_THREADS || priority[t] > priority[best]))
            best = t;
    return best;
}

static struct rx_pick pick(const struct rx_view *v)
{
    uint64_t among = rx_ready(v);
    struct rx_pick early = rx_early(v);
    unsigned t;

    if (early.thread != RX_STOP && rx_random(&state) % EARLY_ONE_IN == 0)
        return early;
    if (among & v->lazy)
        return rx_stay(v, among);
    for (unsigned i = 0; i < v->world->nthreads; i++)
        if (v->lazy & RL_BIT(i))
            priority[i] = --lowest;
    t = highest(v, among);
    if (among & (among - 1)) { // only where there is something to decide
        steps++;
        for (int i = 0; i < depth - 1; i++)
            if (change[i] == steps)
                priority[t] = --lowest;
        t = highest(v, among);
    }
    return (struct rx_pick){(uint8_t)t, (uint8_t)rx_usual(v, t)};
}

const struct rx_strategy rx_pct = {.name = "pct", .begin = begin, .pick = pick};

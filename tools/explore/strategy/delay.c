// Random delays, reproducible: each thread has a virtual time; each of its
// steps costs it a random span and the thread that is least far goes next.
// The spans are mostly short and now and then very long, as on a machine
// where a thread is sometimes taken off its core. Noise: it proves nothing.
#include "strategy.h"

static uint64_t state;
enum { EARLY_ONE_IN = 16 };

static uint64_t at[RL_THREADS + 1];

static void begin(const struct rx_job *job)
{
    state = job->seed * 0x9e3779b97f4a7c15u + 1;
    for (unsigned t = 0; t <= RL_THREADS; t++)
        at[t] = 0;
}

static uint64_t span(void)
{
    uint64_t r = rx_random(&state);

    switch (r & 15) {
    case 0:
        return (r >> 8) % 1000;
    case 1:
    case 2:
        return (r >> 8) % 100;
    default:
        return (r >> 8) % 10;
    }
}

static struct rx_pick pick(const struct rx_view *v)
{
    uint64_t among = rx_ready(v);
    struct rx_pick early = rx_early(v);
    unsigned best = RL_THREADS;

    at[v->last] += span();
    if (early.thread != RX_STOP && rx_random(&state) % EARLY_ONE_IN == 0)
        return early;
    if (among & v->lazy)
        return rx_stay(v, among);
    for (unsigned t = 0; t < v->world->nthreads; t++)
        if ((among & RL_BIT(t)) && (best == RL_THREADS || at[t] < at[best]))
            best = t;
    // Who was blocked does not get the time back that it waited.
    for (unsigned t = 0; t < v->world->nthreads; t++)
        if (!(among & RL_BIT(t)) && at[t] < at[best])
            at[t] = at[best];
    return (struct rx_pick){(uint8_t)best, (uint8_t)rx_usual(v, best)};
}

const struct rx_strategy rx_delay = {
    .name = "delay", .begin = begin, .pick = pick};

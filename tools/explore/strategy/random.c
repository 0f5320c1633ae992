// Sticky random walk: a thread goes on, and with probability 0.2 another one
// does. Choices inside a step (who is woken, early timers, spurious wakeups)
// are drawn too. Uniform switching would never let a queue fill.
#include "strategy.h"

enum { SWITCH_OF_TEN = 2, UNUSUAL_OF_HUNDRED = 10 };

static uint64_t state;

static void begin(const struct rx_job *job)
{
    state = job->seed * 0x9e3779b97f4a7c15u + 2;
}

static unsigned one_of(uint64_t set)
{
    unsigned n =
        (unsigned)(rx_random(&state) % (unsigned)__builtin_popcountll(set));

    while (n--)
        set &= set - 1;
    return (unsigned)__builtin_ctzll(set);
}

static struct rx_pick pick(const struct rx_view *v)
{
    uint64_t among = rx_ready(v);
    unsigned t = v->current;
    struct rx_pick p;

    if (rx_random(&state) % 100 < UNUSUAL_OF_HUNDRED)
        among = v->enabled;
    if (!(among & RL_BIT(t)) || rx_random(&state) % 10 < SWITCH_OF_TEN)
        t = one_of(among);
    p = (struct rx_pick){(uint8_t)t, (uint8_t)rx_usual(v, t)};
    if (rx_picks_thread(&v->world->threads[t].pending) ||
        rx_random(&state) % 100 < UNUSUAL_OF_HUNDRED)
        p.choice = (uint8_t)one_of(rl_choices(v->world, t));
    return p;
}

const struct rx_strategy rx_random_walk = {
    .name = "random", .begin = begin, .pick = pick};

// No preemption, but the other way round: a new thread runs before the one
// that made it, and the highest thread goes first.
#include "strategy.h"

static struct rx_pick pick(const struct rx_view *v)
{
    uint64_t among = rx_ready(v);
    unsigned t;

    if (among & v->lazy)
        return rx_stay(v, among);
    t = 63 - (unsigned)__builtin_clzll(among);
    return (struct rx_pick){(uint8_t)t, (uint8_t)rx_usual(v, t)};
}

const struct rx_strategy rx_lastfirst = {.name = "lastfirst", .pick = pick};

// No preemption, but the other way round: a new thread runs before the one
// that made it, and the highest thread goes first.
#include "strategy.h"

static struct rx_pick pick(const struct rx_view *v)
{
    return rx_climb(v, rx_ready(v));
}

const struct rx_strategy rx_lastfirst = {.name = "lastfirst", .pick = pick};

// No preemption: a thread runs until it blocks or ends, then the lowest
// thread that can go on. Creators go on before the threads they create.
#include "strategy.h"

static struct rx_pick pick(const struct rx_view *v)
{
    return rx_stay(v, rx_ready(v));
}

const struct rx_strategy rx_nopreempt = {.name = "nopreempt", .pick = pick};

// Gather: who has just entered the work function waits there until all
// others have come there too, are blocked or have ended; else no preemption.
// Shows whether two threads can be in that function at once.
#include "strategy.h"

static struct rx_pick pick(const struct rx_view *v)
{
    struct rx_view w = *v;

    for (unsigned t = 0; t < v->world->nthreads; t++)
        if (v->thread[t].at_work)
            w.enabled &= ~RL_BIT(t);
    if (!w.enabled)
        w.enabled = v->enabled;
    return rx_stay(&w, rx_ready(&w));
}

const struct rx_strategy rx_gather = {.name = "gather", .pick = pick};

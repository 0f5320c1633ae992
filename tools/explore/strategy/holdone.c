// Hold one: thread param[0] is held before its param[1]-th point until every
// other thread is blocked or has ended. A state decides, never a time. No
// other preemption; creators go on before the created.
#include "strategy.h"

static bool released;

static void begin(const struct rx_job *job)
{
    (void)job;
    released = false;
}

static struct rx_pick pick(const struct rx_view *v)
{
    unsigned held = (unsigned)v->job->param[0];
    uint64_t among = rx_ready(v), rest;
    struct rx_view w = *v;

    if (released || held >= RL_THREADS || !(v->enabled & RL_BIT(held)) ||
        (int64_t)v->thread[held].points != v->job->param[1])
        return rx_stay(v, among);
    w.enabled &= ~RL_BIT(held);
    rest = w.enabled ? rx_ready(&w) : 0;
    // Others that only wait in loops are blocked too: what they wait for
    // can come from the held thread alone.
    if (rest & ~v->lazy)
        return rx_stay(&w, rest);
    released = true;
    return (struct rx_pick){(uint8_t)held, (uint8_t)rx_usual(v, held)};
}

const struct rx_strategy rx_holdone = {
    .name = "holdone", .begin = begin, .pick = pick};

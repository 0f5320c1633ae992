// Hold one: thread param[0] is held before its param[1]-th point until every
// other thread is blocked or has ended. A state decides, never a time. No
// other preemption; creators go on before the created, or with param[2] the
// other way round.
//
// The held thread is as slow as it needs to be: others that sleep or wait
// with a limit of time meanwhile see their time come, once each.
#include "strategy.h"

static bool released;

static void begin(const struct rx_job *job)
{
    (void)job;
    released = false;
}

static struct rx_pick base(const struct rx_view *v, uint64_t among)
{
    return v->job->param[2] ? rx_climb(v, among) : rx_stay(v, among);
}

static struct rx_pick pick(const struct rx_view *v)
{
    unsigned held = (unsigned)v->job->param[0];
    struct rx_view w = *v;
    struct rx_pick p;
    uint64_t rest;

    if (released || held >= RL_THREADS || !(v->enabled & RL_BIT(held)) ||
        (int64_t)v->thread[held].points != v->job->param[1])
        return base(v, rx_ready(v));
    w.enabled &= ~RL_BIT(held);
    rest = w.enabled ? rx_ready(&w) : 0;
    rest &= ~rx_waits_for_time(&w);
    // Others that only wait in loops are blocked too: what they wait for
    // can come from the held thread alone.
    if (rest & ~v->loops)
        return base(&w, rest & ~v->loops);
    p = rx_early(&w);
    if (p.thread != RX_STOP)
        return p;
    released = true;
    return (struct rx_pick){(uint8_t)held, (uint8_t)rx_usual(v, held)};
}

const struct rx_strategy rx_holdone = {
    .name = "holdone", .begin = begin, .pick = pick};

// What strategies share: which threads go on without anything unusual, what
// they do then, and who follows a thread that has to stop.
#include "strategy.h"

bool rx_picks_thread(const struct rl_step *s)
{
    return s->op == RL_COND_SIGNAL || s->op == RL_BARRIER_LEAVE;
}

static uint64_t plain_choices(const struct rx_view *v, unsigned t)
{
    uint64_t c = rl_choices(v->world, t);

    if (rx_picks_thread(&v->world->threads[t].pending))
        return c;
    return c & ~(RL_BIT(RL_EARLY) | RL_BIT(RL_SPURIOUS) | RL_BIT(RL_WEAK_FAIL));
}

static bool exits(const struct rx_view *v, unsigned t)
{
    return v->world->threads[t].pending.op == RL_EXIT;
}

uint64_t rx_ready(const struct rx_view *v)
{
    uint64_t ready = 0, busy = 0, end = 0;

    for (unsigned t = 0; t < v->world->nthreads; t++) {
        if (!(v->enabled & RL_BIT(t)) || !plain_choices(v, t))
            continue;
        if (exits(v, t) && !v->job->param[RX_EXIT_EARLY])
            end |= RL_BIT(t);
        else if (v->lazy & RL_BIT(t))
            busy |= RL_BIT(t);
        else
            ready |= RL_BIT(t);
    }
    if (ready)
        return ready;
    if (end)
        return end;
    return busy ? busy : v->enabled;
}

unsigned rx_usual(const struct rx_view *v, unsigned t)
{
    uint64_t c = plain_choices(v, t);

    if (!c)
        c = rl_choices(v->world, t);
    return (unsigned)__builtin_ctzll(c);
}

struct rx_pick rx_stay(const struct rx_view *v, uint64_t among)
{
    uint64_t after = among & ~(RL_BIT(v->last) | (RL_BIT(v->last) - 1));
    unsigned t = (unsigned)__builtin_ctzll(among);

    if (among & v->lazy) // all wait in loops: each in turn
        t = (unsigned)__builtin_ctzll(after ? after : among);
    else if (among & RL_BIT(v->current))
        t = v->current;
    return (struct rx_pick){(uint8_t)t, (uint8_t)rx_usual(v, t)};
}

// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
uint64_t rx_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct rx_pick rx_climb(const struct rx_view *v, uint64_t among)
{
    unsigned t;

    if (among & v->lazy)
        return rx_stay(v, among);
    t = 63 - (unsigned)__builtin_clzll(among);
    return (struct rx_pick){(uint8_t)t, (uint8_t)rx_usual(v, t)};
}

uint64_t rx_waits_for_time(const struct rx_view *v)
{
    uint64_t who = 0;

    for (unsigned t = 0; t < v->world->nthreads; t++)
        if ((v->enabled & RL_BIT(t)) &&
            !rx_picks_thread(&v->world->threads[t].pending) &&
            rl_choices(v->world, t) == RL_BIT(RL_EARLY))
            who |= RL_BIT(t);
    return who;
}

struct rx_pick rx_early(const struct rx_view *v)
{
    uint64_t who = rx_waits_for_time(v);
    unsigned best = RX_STOP;

    for (unsigned t = 0; t < v->world->nthreads; t++)
        if ((who & RL_BIT(t)) &&
            (best == RX_STOP || v->world->threads[t].pending.arg <
                                    v->world->threads[best].pending.arg))
            best = t;
    return (struct rx_pick){(uint8_t)best, RL_EARLY};
}

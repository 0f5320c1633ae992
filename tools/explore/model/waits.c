/*
 * Who waits for whom. Only where certain threads alone could end the wait;
 * anybody may signal a condition or post a semaphore.
 */
#include "inside.h"

static uint64_t owner_bit(const struct rl_object *o)
{
    return o->owner == RL_NOBODY ? 0 : RL_BIT(o->owner);
}

uint64_t rl_waits_for(const struct rl_world *w, unsigned t)
{
    const struct rl_step *s = rl_peek(w, t);
    const struct rl_object *o;

    if (w->over || !(w->live & RL_BIT(t)) || rl_ready(w, t))
        return 0;
    if (s->op == RL_JOIN)
        return RL_BIT(s->arg);
    if (!s->nrefs || s->refs[0].id == RL_NO_ID)
        return 0;
    o = rl_see(w, t, 0);
    switch (s->op) {
    case RL_MUTEX_LOCK:
    case RL_MUTEX_TIMEDLOCK:
    case RL_COND_RELOCK:
    case RL_SPIN_LOCK:
    case RL_ONCE_ENTER:
        return owner_bit(o);
    case RL_RW_RDLOCK:
    case RL_RW_TIMEDRDLOCK:
        return owner_bit(o) | (o->owner == RL_NOBODY ? o->woken : 0);
    case RL_RW_WRLOCK:
    case RL_RW_TIMEDWRLOCK:
        return owner_bit(o) | o->queue;
    default:
        return 0;
    }
}

/* Walks from `first`, always to the lowest slot waited for that can still
 * close a circle; n threads give a circle within n steps or none. */
static unsigned circle_from(const struct rl_world *w, unsigned first,
                            uint8_t circle[RL_THREADS])
{
    uint64_t left[RL_THREADS], seen = RL_BIT(first);
    unsigned depth = 0;

    circle[0] = first;
    left[0] = rl_waits_for(w, first);
    for (;;) {
        unsigned next;

        if (!left[depth]) {
            if (!depth)
                return 0;
            depth--;
            continue;
        }
        next = (unsigned)__builtin_ctzll(left[depth]);
        left[depth] &= left[depth] - 1;
        if (next == first)
            return depth + 1;
        if (seen & RL_BIT(next))
            continue;
        seen |= RL_BIT(next);
        circle[++depth] = next;
        left[depth] = rl_waits_for(w, next);
    }
}

unsigned rl_cycle(const struct rl_world *w, uint8_t circle[RL_THREADS])
{
    for (unsigned t = 0; t < w->nthreads; t++) {
        unsigned n = circle_from(w, t, circle);

        if (n)
            return n;
    }
    return 0;
}

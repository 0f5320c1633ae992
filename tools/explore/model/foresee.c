/*
 * What a step would be as an event, if it were carried out now: whom it would
 * let go on, whether it would fail, whether time would move.
 */
#include "depend.h"
#include "inside.h"

#include <string.h>

struct rl_event rl_event(const struct rl_step *step, unsigned thread,
                         unsigned choice, const struct rl_effect *effect)
{
    struct rl_event e;

    memset(&e, 0, sizeof e);
    e.step = *step;
    e.thread = thread;
    e.choice = choice;
    e.time_moved = effect->time_moved;
    e.round = effect->round;
    e.woke = effect->woke;
    return e;
}

bool rl_fails(const struct rl_world *w, unsigned t)
{
    const struct rl_object *o = rl_see(w, t, 0);

    if (o->state == RL_DESTROYED)
        return false;
    switch (rl_peek(w, t)->op) {
    case RL_MUTEX_TRYLOCK:
        return o->owner != RL_NOBODY &&
               !(o->owner == t && (o->kind & RL_KIND_MASK) == RL_RECURSIVE);
    case RL_SPIN_TRYLOCK:
        return o->owner != RL_NOBODY;
    case RL_SEM_TRYWAIT:
        return !o->count;
    default:
        return rl_rwlock_fails(w, t);
    }
}

struct rl_event rl_foresee(const struct rl_world *w, unsigned t,
                           unsigned choice)
{
    struct rl_effect effect;
    const struct rl_object *o = NULL;
    const struct rl_step *s = rl_peek(w, t);
    struct rl_event event;
    bool fails = false;

    memset(&effect, 0, sizeof effect);
    if (s->nrefs && s->refs[0].id != RL_NO_ID)
        o = rl_see(w, t, 0);
    switch (s->op) {
    case RL_COND_SIGNAL:
        if (choice < RL_NOBODY)
            effect.woke = RL_BIT(choice);
        break;
    case RL_COND_BROADCAST:
        effect.woke = o->queue;
        break;
    case RL_BARRIER_ARRIVE:
        effect.round = o->round;
        if (o->count + 1 >= o->limit)
            effect.woke = o->queue | RL_BIT(t);
        break;
    case RL_BARRIER_LEAVE:
        effect.round = w->threads[t].round;
        effect.woke = rl_followers(w, t);
        break;
    case RL_CREATE:
        effect.woke = RL_BIT(w->nthreads);
        break;
    case RL_SEM_POST:
        effect.round = o->round + 1;
        break;
    case RL_ONCE_ENTER:
        fails = o->state == RL_RAN;
        break;
    case RL_MUTEX_TRYLOCK:
    case RL_RW_TRYRDLOCK:
    case RL_RW_TRYWRLOCK:
    case RL_SPIN_TRYLOCK:
    case RL_SEM_TRYWAIT:
        fails = rl_fails(w, t);
        if (s->op == RL_SEM_TRYWAIT)
            effect.round = o->limit + 1;
        break;
    case RL_SEM_WAIT:
    case RL_SEM_TIMEDWAIT:
        effect.round = o->limit + 1;
        /* fall through */
    default:
        effect.time_moved =
            choice == RL_TIMEOUT && (s->flags & RL_TIMED) && w->now < s->arg;
    }
    event = rl_event(s, t, choice, &effect);
    event.step.flags &= (uint16_t)~RL_FAILS;
    if (fails)
        event.step.flags |= RL_FAILS;
    return event;
}

/*
 * Mutexes: normal, recursive, errorcheck, each also robust. Blocked is a
 * thread whose step has no choice; nobody queues, so any waiter may be next.
 */
#include "inside.h"

#include <errno.h>

static unsigned kind_of(const struct rl_object *m)
{
    return m->kind & RL_KIND_MASK;
}

bool rl_mutex_free(const struct rl_object *m, unsigned t)
{
    if (m->owner == RL_NOBODY || m->state == RL_DESTROYED)
        return true;
    return m->owner == t && kind_of(m) != RL_PLAIN_KIND;
}

int rl_mutex_take(struct rl_world *w, unsigned t, uint32_t id,
                  struct rl_effect *e)
{
    struct rl_object *m = &w->objects[id];

    if (m->state == RL_NOT_RECOVERABLE)
        return ENOTRECOVERABLE;
    if (m->owner == t) {
        if (kind_of(m) == RL_RECURSIVE) {
            rl_hold(w, t, id, false, e);
            return 0;
        }
        rl_find(e, RL_SELF_LOCK, t, t, id);
        return EDEADLK;
    }
    m->owner = t;
    rl_hold(w, t, id, false, e);
    if (m->state != RL_OWNER_DEAD)
        return 0;
    rl_find(e, RL_OWNER_DIED, t, RL_NOBODY, id);
    return EOWNERDEAD;
}

int rl_mutex_drop(struct rl_world *w, unsigned t, uint32_t id,
                  struct rl_effect *e)
{
    struct rl_object *m = &w->objects[id];

    if (m->owner != t) {
        rl_find(
            e, m->owner == RL_NOBODY ? RL_BAD_UNLOCK_FREE : RL_BAD_UNLOCK_OTHER,
            t, m->owner, id);
        if (kind_of(m) != RL_PLAIN_KIND || (m->kind & RL_ROBUST))
            return EPERM;
        /* A normal mutex does what it is told, and glibc returns 0. */
        if (m->owner != RL_NOBODY)
            rl_unhold(w, m->owner, id);
        m->owner = RL_NOBODY;
        return 0;
    }
    if (rl_unhold(w, t, id))
        return 0;
    m->owner = RL_NOBODY;
    if (m->state == RL_OWNER_DEAD)
        m->state = RL_NOT_RECOVERABLE;
    return 0;
}

uint64_t rl_mutex_choices(const struct rl_world *w, unsigned t)
{
    const struct rl_step *s = rl_peek(w, t);

    if ((s->op == RL_MUTEX_LOCK || s->op == RL_MUTEX_TIMEDLOCK) &&
        !rl_mutex_free(rl_see(w, t, 0), t))
        return 0;
    return RL_BIT(RL_GO);
}

static void destroy(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_object *m = rl_obj(w, t, 0);
    uint32_t id = rl_peek(w, t)->refs[0].id;

    if (m->owner != RL_NOBODY) {
        rl_find(e, RL_BAD_DESTROY_LOCKED, t, m->owner, id);
        e->result = EBUSY;
        return;
    }
    m->state = RL_DESTROYED;
}

static void abandon(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_step end = rl_step(RL_END);
    struct rl_object *m = rl_obj(w, t, 0);

    while (rl_unhold(w, t, rl_peek(w, t)->refs[0].id))
        ;
    if (m->owner == t) { /* else it was initialised again meanwhile */
        m->owner = RL_NOBODY;
        m->state = RL_OWNER_DEAD;
    }
    end.place = rl_peek(w, t)->place;
    rl_post(w, t, &end);
    e->done = false;
}

void rl_mutex_apply(struct rl_world *w, unsigned t, unsigned choice,
                    struct rl_effect *e)
{
    struct rl_object *m = rl_obj(w, t, 0);
    uint32_t id = rl_peek(w, t)->refs[0].id;

    if (rl_peek(w, t)->op == RL_MUTEX_INIT) {
        rl_fresh(w, t, e);
        return;
    }
    if (rl_peek(w, t)->op == RL_ABANDON) {
        abandon(w, t, e);
        return;
    }
    if (rl_gone(w, t, 0, e))
        return;
    switch (rl_peek(w, t)->op) {
    case RL_MUTEX_DESTROY:
        destroy(w, t, e);
        break;
    case RL_MUTEX_TRYLOCK:
        if (m->owner != RL_NOBODY &&
            !(m->owner == t && kind_of(m) == RL_RECURSIVE))
            e->result = EBUSY;
        else
            e->result = rl_mutex_take(w, t, id, e);
        break;
    case RL_MUTEX_LOCK:
    case RL_MUTEX_TIMEDLOCK:
        if (choice == RL_GO) {
            e->result = rl_mutex_take(w, t, id, e);
            break;
        }
        rl_timer_fire(w, t, choice, e);
        e->result = ETIMEDOUT;
        break;
    case RL_MUTEX_UNLOCK:
        e->result = rl_mutex_drop(w, t, id, e);
        break;
    case RL_MUTEX_CONSISTENT:
        if (m->owner != t || m->state != RL_OWNER_DEAD)
            e->result = EINVAL;
        else
            m->state = RL_USABLE;
        break;
    }
}

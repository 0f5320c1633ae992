/*
 * Read-write locks. By default a reader may pass a waiting writer or not: any
 * order of those that want it is allowed. With RL_PREFER_WRITER a writer that
 * finds it taken queues first (a step of its own) and holds new readers off.
 */
#include "inside.h"

#include <errno.h>

static bool can_read(const struct rl_object *l)
{
    if (l->state == RL_DESTROYED)
        return true;
    return l->owner == RL_NOBODY && !((l->kind & RL_PREFER_WRITER) && l->woken);
}

static bool can_write(const struct rl_object *l)
{
    return l->state == RL_DESTROYED || (l->owner == RL_NOBODY && !l->count);
}

static bool queues(const struct rl_object *l, const struct rl_step *s)
{
    return (l->kind & RL_PREFER_WRITER) && !(s->flags & RL_QUEUED);
}

bool rl_rwlock_fails(const struct rl_world *w, unsigned t)
{
    const struct rl_object *l = rl_see(w, t, 0);

    return rl_peek(w, t)->op == RL_RW_TRYRDLOCK ? !can_read(l) : !can_write(l);
}

uint64_t rl_rwlock_choices(const struct rl_world *w, unsigned t)
{
    const struct rl_object *l = rl_see(w, t, 0);
    const struct rl_step *s = rl_peek(w, t);

    switch (s->op) {
    case RL_RW_RDLOCK:
    case RL_RW_TIMEDRDLOCK:
        /* A writer that asks to read is told so at once. */
        return can_read(l) || l->owner == t ? RL_BIT(RL_GO) : 0;
    case RL_RW_WRLOCK:
    case RL_RW_TIMEDWRLOCK:
        return can_write(l) || queues(l, s) || l->owner == t ? RL_BIT(RL_GO)
                                                             : 0;
    default:
        return RL_BIT(RL_GO);
    }
}

static void take_shared(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_object *l = rl_obj(w, t, 0);

    l->count++;
    l->queue |= RL_BIT(t);
    rl_hold(w, t, rl_peek(w, t)->refs[0].id, true, e);
}

static void take_alone(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_object *l = rl_obj(w, t, 0);

    l->owner = t;
    l->woken &= ~RL_BIT(t);
    rl_hold(w, t, rl_peek(w, t)->refs[0].id, false, e);
}

static void unlock(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_object *l = rl_obj(w, t, 0);
    uint32_t id = rl_peek(w, t)->refs[0].id;

    if (l->owner == t) {
        rl_unhold(w, t, id);
        l->owner = RL_NOBODY;
    } else if (l->queue & RL_BIT(t)) {
        l->count--;
        if (!rl_unhold(w, t, id))
            l->queue &= ~RL_BIT(t);
    } else {
        /* Its read lock was wiped out by an init: other readers, of whom it
         * is independent, do not count. */
        bool wiped = rl_peek(w, t)->refs[0].mode == RL_UNSHARE;

        rl_find(e,
                l->owner == RL_NOBODY && (wiped || !l->count)
                    ? RL_BAD_UNLOCK_FREE
                    : RL_BAD_UNLOCK_OTHER,
                t, l->owner, id);
        rl_unhold(w, t, id);
        e->result = EPERM;
    }
}

static void timed_out(struct rl_world *w, unsigned t, unsigned choice,
                      struct rl_effect *e)
{
    rl_obj(w, t, 0)->woken &= ~RL_BIT(t);
    rl_timer_fire(w, t, choice, e);
    e->result = ETIMEDOUT;
}

static void lock(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_object *l = rl_obj(w, t, 0);
    unsigned op = rl_peek(w, t)->op;
    bool alone = op == RL_RW_WRLOCK || op == RL_RW_TIMEDWRLOCK;

    if (l->owner == t) {
        rl_find(e, RL_SELF_LOCK, t, t, rl_peek(w, t)->refs[0].id);
        e->result = EDEADLK;
    } else if (!alone) {
        take_shared(w, t, e);
    } else if (can_write(l)) {
        take_alone(w, t, e);
    } else {
        l->woken |= RL_BIT(t);
        rl_pending(w, t)->flags |= RL_QUEUED;
        e->done = false;
    }
}

static void destroy(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_object *l = rl_obj(w, t, 0);

    if (l->owner != RL_NOBODY || l->count) {
        rl_find(e, RL_BAD_DESTROY_LOCKED, t, l->owner,
                rl_peek(w, t)->refs[0].id);
        e->result = EBUSY;
        return;
    }
    l->state = RL_DESTROYED;
}

void rl_rwlock_apply(struct rl_world *w, unsigned t, unsigned choice,
                     struct rl_effect *e)
{
    struct rl_object *l = rl_obj(w, t, 0);

    if (rl_peek(w, t)->op == RL_RW_INIT) {
        rl_fresh(w, t, e);
        return;
    }
    if (rl_gone(w, t, 0, e))
        return;
    switch (rl_peek(w, t)->op) {
    case RL_RW_DESTROY:
        destroy(w, t, e);
        break;
    case RL_RW_TRYRDLOCK:
        if (can_read(l))
            take_shared(w, t, e);
        else
            e->result = EBUSY;
        break;
    case RL_RW_TRYWRLOCK:
        if (can_write(l))
            take_alone(w, t, e);
        else
            e->result = EBUSY;
        break;
    case RL_RW_UNLOCK:
        unlock(w, t, e);
        break;
    default:
        if (choice == RL_GO)
            lock(w, t, e);
        else
            timed_out(w, t, choice, e);
    }
}

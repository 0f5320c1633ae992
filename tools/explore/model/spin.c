/*
 * Spin locks: a thread that would spin is blocked, which is all that can be
 * seen of spinning from outside.
 */
#include "inside.h"

#include <errno.h>

uint64_t rl_spin_choices(const struct rl_world *w, unsigned t)
{
    const struct rl_object *l = rl_see(w, t, 0);

    if (rl_peek(w, t)->op == RL_SPIN_LOCK && l->owner != RL_NOBODY &&
        l->state != RL_DESTROYED)
        return 0;
    return RL_BIT(RL_GO);
}

static void unlock(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_object *l = rl_obj(w, t, 0);
    uint32_t id = rl_peek(w, t)->refs[0].id;

    if (l->owner == RL_NOBODY) {
        rl_find(e, RL_BAD_UNLOCK_FREE, t, RL_NOBODY, id);
        return;
    }
    if (l->owner != t)
        rl_find(e, RL_BAD_UNLOCK_OTHER, t, l->owner, id);
    rl_unhold(w, l->owner, id);
    l->owner = RL_NOBODY;
}

void rl_spin_apply(struct rl_world *w, unsigned t, unsigned choice,
                   struct rl_effect *e)
{
    struct rl_object *l = rl_obj(w, t, 0);
    uint32_t id = rl_peek(w, t)->refs[0].id;

    (void)choice;
    if (rl_peek(w, t)->op == RL_SPIN_INIT) {
        rl_fresh(w, t, e);
        return;
    }
    if (rl_gone(w, t, 0, e))
        return;
    switch (rl_peek(w, t)->op) {
    case RL_SPIN_DESTROY:
        if (l->owner != RL_NOBODY)
            rl_find(e, RL_BAD_DESTROY_LOCKED, t, l->owner, id);
        l->state = RL_DESTROYED;
        break;
    case RL_SPIN_UNLOCK:
        unlock(w, t, e);
        break;
    default:
        if (l->owner != RL_NOBODY) {
            e->result = EBUSY;
            break;
        }
        l->owner = t;
        rl_hold(w, t, id, false, e);
    }
}

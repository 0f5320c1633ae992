/*
 * pthread_once and call_once: the first to enter runs the routine between
 * ENTER and DONE, the others wait for it.
 */
#include "inside.h"

uint64_t rl_once_choices(const struct rl_world *w, unsigned t)
{
    if (rl_peek(w, t)->op == RL_ONCE_ENTER &&
        rl_see(w, t, 0)->state == RL_RUNNING)
        return 0;
    return RL_BIT(RL_GO);
}

void rl_once_apply(struct rl_world *w, unsigned t, unsigned choice,
                   struct rl_effect *e)
{
    struct rl_object *o = rl_obj(w, t, 0);

    (void)choice;
    switch (rl_peek(w, t)->op) {
    case RL_ONCE_ENTER:
        if (o->state == RL_RAN)
            break;
        o->state = RL_RUNNING;
        o->owner = t;
        e->value = 1;
        break;
    case RL_ONCE_DONE:
        o->state = RL_RAN;
        o->owner = RL_NOBODY;
        break;
    default: /* RL_ONCE_RESET */
        o->state = RL_USABLE;
        o->owner = RL_NOBODY;
    }
}

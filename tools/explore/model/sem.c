/*
 * Semaphores: a number, and threads that are blocked while it is 0. The value
 * that getvalue reports is never negative. Units are numbered in the order of
 * their posts and taken in that order, so that a wait depends on one post and
 * not on all: who can tell one unit from another?
 */
#include "inside.h"

#include <errno.h>

uint64_t rl_sem_choices(const struct rl_world *w, unsigned t)
{
    const struct rl_object *s = rl_see(w, t, 0);
    unsigned op = rl_peek(w, t)->op;

    if ((op == RL_SEM_WAIT || op == RL_SEM_TIMEDWAIT) && !s->count &&
        s->state != RL_DESTROYED)
        return 0;
    return RL_BIT(RL_GO);
}

static void give(struct rl_object *s, struct rl_effect *e)
{
    s->count++;
    e->round = ++s->round;
}

static void take(struct rl_object *s, struct rl_effect *e)
{
    s->count--;
    e->round = ++s->limit;
}

void rl_sem_apply(struct rl_world *w, unsigned t, unsigned choice,
                  struct rl_effect *e)
{
    struct rl_object *s = rl_obj(w, t, 0);

    if (rl_peek(w, t)->op == RL_SEM_INIT) {
        rl_fresh(w, t, e);
        s->count = (uint32_t)rl_peek(w, t)->arg;
        s->round = s->count;
        return;
    }
    if (rl_gone(w, t, 0, e))
        return;
    switch (rl_peek(w, t)->op) {
    case RL_SEM_DESTROY:
        s->state = RL_DESTROYED;
        break;
    case RL_SEM_POST:
        if (s->count == INT32_MAX)
            e->result = EOVERFLOW;
        else
            give(s, e);
        break;
    case RL_SEM_GETVALUE:
        e->value = s->count;
        break;
    default:
        if (choice == RL_TIMEOUT || choice == RL_EARLY) {
            rl_timer_fire(w, t, choice, e);
            e->result = ETIMEDOUT;
        } else if (s->count) {
            take(s, e);
        } else {
            e->result = EAGAIN;
        }
    }
}

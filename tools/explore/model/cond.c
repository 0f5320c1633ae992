/*
 * Condition variables. A wait is three steps: queue and release the mutex;
 * leave the queue (signalled, or by time); take the mutex again. The queue is
 * a set: a signal chooses any waiter. A spurious wakeup is a wait that never
 * queues (model.h says why that is enough).
 */
#include "inside.h"

#include <errno.h>

uint64_t rl_cond_choices(const struct rl_world *w, unsigned t)
{
    const struct rl_object *c = rl_see(w, t, 0);
    const struct rl_step *s = rl_peek(w, t);

    switch (s->op) {
    case RL_COND_WAIT:
    case RL_COND_TIMEDWAIT:
        return RL_BIT(RL_GO) |
               (w->threads[t].spurious ? RL_BIT(RL_SPURIOUS) : 0);
    case RL_COND_WAKE:
        return c->woken & RL_BIT(t) ? RL_BIT(RL_GO) : 0;
    case RL_COND_RELOCK: /* its only ref is the mutex */
        return rl_mutex_free(c, t) ? RL_BIT(RL_GO) : 0;
    case RL_COND_SIGNAL:
        return c->queue ? c->queue : RL_BIT(RL_NOBODY);
    default:
        return RL_BIT(RL_GO);
    }
}

static void wait(struct rl_world *w, unsigned t, unsigned choice,
                 struct rl_effect *e)
{
    struct rl_object *c = rl_obj(w, t, 0), *m = rl_obj(w, t, 1);
    const struct rl_step *s = rl_peek(w, t);

    if (rl_gone(w, t, 1, e))
        return;
    if (m->owner != t) {
        rl_find(e, RL_WAIT_UNLOCKED, t, m->owner, s->refs[1].id);
        e->result = EPERM;
        return;
    }
    if (c->queue && c->partner != m->key)
        rl_find(e, RL_TWO_MUTEXES, t, RL_NOBODY, s->refs[0].id);
    c->partner = m->key;
    rl_mutex_drop(w, t, s->refs[1].id, e);
    w->threads[t].wake_result = 0;
    w->threads[t].wake_cancelled = 0;
    if (choice == RL_SPURIOUS) {
        w->threads[t].spurious--;
        rl_then(w, t, RL_COND_RELOCK, 1, e);
        return;
    }
    c->queue |= RL_BIT(t);
    rl_then(w, t, RL_COND_WAKE, 0, e);
}

static void wake(struct rl_world *w, unsigned t, unsigned choice,
                 struct rl_effect *e)
{
    struct rl_object *c = rl_obj(w, t, 0);

    c->queue &= ~RL_BIT(t);
    c->woken &= ~RL_BIT(t);
    if (choice == RL_CANCELLED) {
        w->threads[t].wake_cancelled = 1;
    } else if (choice != RL_GO) {
        rl_timer_fire(w, t, choice, e);
        w->threads[t].wake_result = ETIMEDOUT;
    }
    rl_then(w, t, RL_COND_RELOCK, 1, e);
}

static void relock(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_thread *th = &w->threads[t];
    int err;

    if (rl_gone(w, t, 0, e))
        return;
    err = rl_mutex_take(w, t, rl_peek(w, t)->refs[0].id, e);
    e->result = err ? err : th->wake_result;
    if (th->wake_cancelled) {
        e->cancelled = true;
        th->cancel_off = 1;
        th->cancel_pending = 0;
    }
}

static void rouse(struct rl_world *w, unsigned t, uint64_t who,
                  struct rl_effect *e)
{
    struct rl_object *c = rl_obj(w, t, 0);

    if (!who)
        rl_find(e, RL_LOST_SIGNAL, t, RL_NOBODY, rl_peek(w, t)->refs[0].id);
    c->queue &= ~who;
    c->woken |= who;
    e->woke = who;
}

void rl_cond_apply(struct rl_world *w, unsigned t, unsigned choice,
                   struct rl_effect *e)
{
    struct rl_object *c = rl_obj(w, t, 0);

    switch (rl_peek(w, t)->op) {
    case RL_COND_INIT:
        rl_fresh(w, t, e);
        return;
    case RL_COND_WAKE:
        wake(w, t, choice, e);
        return;
    case RL_COND_RELOCK:
        relock(w, t, e);
        return;
    }
    if (rl_gone(w, t, 0, e))
        return;
    switch (rl_peek(w, t)->op) {
    case RL_COND_DESTROY:
        if (c->queue)
            rl_find(e, RL_BAD_DESTROY_WAITED, t, RL_NOBODY,
                    rl_peek(w, t)->refs[0].id);
        c->state = RL_DESTROYED;
        break;
    case RL_COND_SIGNAL:
        rouse(w, t, choice == RL_NOBODY ? 0 : RL_BIT(choice), e);
        break;
    case RL_COND_BROADCAST:
        rouse(w, t, c->queue, e);
        break;
    default:
        wait(w, t, choice, e);
    }
}

/*
 * Threads: born, joined, detached, cancelled, ended. A slot is one thread for
 * ever. pthread_cancel only marks its target; rl_choices lets the target act
 * upon it where it stands at a cancellation point.
 */
#include "inside.h"

#include <errno.h>

void rl_bear(struct rl_world *w, unsigned t);

static const struct rl_thread *target_of(const struct rl_world *w, unsigned t)
{
    uint64_t slot = (uint64_t)rl_peek(w, t)->arg;

    return slot < w->nthreads ? &w->threads[slot] : NULL;
}

uint64_t rl_thread_choices(const struct rl_world *w, unsigned t)
{
    const struct rl_step *s = rl_peek(w, t);
    const struct rl_thread *target;

    if (s->op == RL_NONE)
        return 0;
    if (s->op == RL_JOIN) {
        target = target_of(w, t);
        if (target && target->life == RL_ALIVE && !target->detached &&
            target != &w->threads[t] &&
            (target->joiner == RL_NOBODY || target->joiner == t))
            return 0;
    }
    return RL_BIT(RL_GO);
}

static void create(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_step start = rl_step(RL_START);
    unsigned child = w->nthreads;

    if (child == RL_THREADS) {
        w->full = 1;
        rl_find(e, RL_TOO_MANY, t, RL_NOBODY, RL_NO_ID);
        e->result = EAGAIN;
        return;
    }
    rl_bear(w, child);
    w->threads[child].parent = t;
    w->threads[child].detached = !!(rl_peek(w, t)->flags & RL_DETACHED);
    w->threads[t].children++;
    start.place = rl_peek(w, t)->place;
    rl_post(w, child, &start);
    e->woke = RL_BIT(child);
    e->child = child;
}

static void join(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    unsigned slot = (unsigned)rl_peek(w, t)->arg;
    struct rl_thread *target;

    if (!target_of(w, t)) {
        e->result = ESRCH;
        return;
    }
    target = &w->threads[slot];
    if (slot == t) {
        rl_find(e, RL_SELF_JOIN, t, t, RL_NO_ID);
        e->result = EDEADLK;
    } else if (target->detached || target->joiner != RL_NOBODY) {
        rl_find(e, RL_BAD_JOIN, t, slot, RL_NO_ID);
        e->result = EINVAL;
    } else if (target->life == RL_ALIVE) { /* RL_TRYJOIN */
        e->result = EBUSY;
    } else {
        target->joiner = t;
        target->life = RL_JOINED;
    }
}

static void detach(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    unsigned slot = (unsigned)rl_peek(w, t)->arg;
    struct rl_thread *target;

    if (!target_of(w, t)) {
        e->result = ESRCH;
        return;
    }
    target = &w->threads[slot];
    if (target->detached || target->joiner != RL_NOBODY) {
        rl_find(e, RL_BAD_JOIN, t, slot, RL_NO_ID);
        e->result = EINVAL;
        return;
    }
    target->detached = 1;
    if (target->life == RL_ENDED)
        target->life = RL_JOINED;
}

static void end(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_thread *th = &w->threads[t];

    for (unsigned i = 0; i < th->nheld; i++)
        rl_find(e, RL_LOCK_LEAK, t, RL_NOBODY, th->held[i].id);
    th->life = th->detached ? RL_JOINED : RL_ENDED;
    w->live &= ~RL_BIT(t);
}

void rl_thread_apply(struct rl_world *w, unsigned t, unsigned choice,
                     struct rl_effect *e)
{
    (void)choice;
    switch (rl_peek(w, t)->op) {
    case RL_CREATE:
        create(w, t, e);
        break;
    case RL_JOIN:
    case RL_TRYJOIN:
        join(w, t, e);
        break;
    case RL_DETACH:
        detach(w, t, e);
        break;
    case RL_CANCEL:
        if (!target_of(w, t))
            e->result = ESRCH;
        else
            w->threads[rl_peek(w, t)->arg].cancel_pending = 1;
        break;
    case RL_END:
        end(w, t, e);
        break;
    }
}

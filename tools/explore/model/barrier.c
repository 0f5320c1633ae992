/*
 * Barriers: arrive, then leave when the round is full. Arrivals of one round
 * commute. Who is the serial thread is chosen where the lowest slot of the
 * round leaves; the others leave after it, which nobody can notice, since
 * leaving does nothing else.
 */
#include "inside.h"

#include <errno.h>

/* rl_thread.may_leave */
enum place { WAITS, CHOOSES, FOLLOWS, FREE };

/* The threads of the round that t leads and that nobody has left yet. */
static uint64_t round_of(const struct rl_world *w, unsigned t)
{
    uint64_t round = RL_BIT(t);

    for (unsigned i = 0; i < w->nthreads; i++)
        if (w->threads[i].may_leave == FOLLOWS && w->threads[i].leader == t)
            round |= RL_BIT(i);
    return round;
}

uint64_t rl_followers(const struct rl_world *w, unsigned t)
{
    return w->threads[t].may_leave == CHOOSES ? round_of(w, t) & ~RL_BIT(t) : 0;
}

/* Who may turn out to be the serial thread. Of those that do not look one
 * stands for all: nobody can tell them apart. */
static uint64_t candidates(const struct rl_world *w, unsigned t)
{
    uint64_t look = 0, rest = 0;

    for (uint64_t r = round_of(w, t); r; r &= r - 1) {
        unsigned i = (unsigned)__builtin_ctzll(r);

        if (w->threads[i].pending.flags & RL_RESULT_UNUSED)
            rest |= RL_BIT(i);
        else
            look |= RL_BIT(i);
    }
    return look | (rest & -rest);
}

uint64_t rl_barrier_choices(const struct rl_world *w, unsigned t)
{
    if (rl_peek(w, t)->op != RL_BARRIER_LEAVE)
        return RL_BIT(RL_GO);
    switch (w->threads[t].may_leave) {
    case CHOOSES:
        return candidates(w, t);
    case FREE:
        return RL_BIT(RL_GO);
    default:
        return 0;
    }
}

static void open_round(struct rl_world *w, struct rl_object *b)
{
    unsigned leader = RL_NOBODY;

    for (unsigned i = 0; i < w->nthreads; i++) {
        if (!(b->queue & RL_BIT(i)))
            continue;
        if (leader == RL_NOBODY)
            leader = i;
        w->threads[i].leader = leader;
        w->threads[i].may_leave = i == leader ? CHOOSES : FOLLOWS;
    }
    b->count = 0;
    b->queue = 0;
    b->round++;
}

static void arrive(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    struct rl_object *b = rl_obj(w, t, 0);

    e->round = b->round;
    w->threads[t].round = b->round;
    b->queue |= RL_BIT(t);
    b->count++;
    w->threads[t].may_leave = WAITS;
    w->threads[t].wake_result = 0;
    rl_then(w, t, RL_BARRIER_LEAVE, 0, e);
    if (b->count < b->limit)
        return;
    e->woke = b->queue;
    open_round(w, b);
}

static void leave(struct rl_world *w, unsigned t, unsigned choice,
                  struct rl_effect *e)
{
    struct rl_thread *th = &w->threads[t];
    uint64_t round;

    e->round = th->round;
    if (th->may_leave == CHOOSES) {
        round = round_of(w, t);
        w->threads[choice].wake_result = 1;
        for (unsigned i = 0; i < w->nthreads; i++)
            if (i != t && (round & RL_BIT(i)))
                w->threads[i].may_leave = FREE;
        e->woke = round & ~RL_BIT(t);
    }
    th->may_leave = WAITS;
    e->result = th->wake_result ? RL_SERIAL_THREAD : 0;
}

void rl_barrier_apply(struct rl_world *w, unsigned t, unsigned choice,
                      struct rl_effect *e)
{
    struct rl_object *b = rl_obj(w, t, 0);

    if (rl_peek(w, t)->op == RL_BARRIER_INIT) {
        rl_fresh(w, t, e);
        b->limit = (uint32_t)rl_peek(w, t)->arg;
        if (!b->limit)
            e->result = EINVAL;
        return;
    }
    if (rl_peek(w, t)->op == RL_BARRIER_LEAVE) {
        leave(w, t, choice, e);
        return;
    }
    if (rl_gone(w, t, 0, e))
        return;
    if (rl_peek(w, t)->op == RL_BARRIER_ARRIVE) {
        arrive(w, t, e);
        return;
    }
    if (b->queue)
        rl_find(e, RL_BAD_DESTROY_WAITED, t, RL_NOBODY,
                rl_peek(w, t)->refs[0].id);
    b->state = RL_DESTROYED;
}

/*
 * The world: its memory, and which of its steps may run. What a step does is
 * in the file of its primitive; who may go on by time or cancellation is the
 * same for all and decided here.
 */
#include "inside.h"

#include <errno.h>
#include <string.h>

size_t rl_world_bytes(uint32_t capacity)
{
    return sizeof(struct rl_world) + capacity * sizeof(struct rl_object);
}

static void be_born(struct rl_world *w, unsigned t)
{
    struct rl_thread *th = &w->threads[t];

    memset(th, 0, sizeof *th);
    th->life = RL_ALIVE;
    th->joiner = RL_NOBODY;
    th->spurious = w->budget.spurious;
    th->early = w->budget.early;
    th->weak = w->budget.weak;
    w->live |= RL_BIT(t);
    if (t >= w->nthreads)
        w->nthreads = t + 1;
}

struct rl_world *rl_world_init(void *memory, uint32_t capacity,
                               struct rl_budget budget)
{
    struct rl_world *w = memory;

    /* Threads are cleared at birth, objects at first touch. */
    memset(w, 0, offsetof(struct rl_world, threads));
    w->capacity = capacity;
    w->budget = budget;
    be_born(w, 0);
    return w;
}

void rl_world_copy(struct rl_world *to, const struct rl_world *from)
{
    uint32_t capacity = to->capacity;

    memcpy(to, from, offsetof(struct rl_world, threads));
    memcpy(to->threads, from->threads, from->nthreads * sizeof to->threads[0]);
    memcpy(to->objects, from->objects, from->nobjects * sizeof to->objects[0]);
    to->capacity = capacity;
}

bool rl_cancel_due(const struct rl_world *w, unsigned t)
{
    const struct rl_thread *th = &w->threads[t];

    return th->cancel_pending && (th->pending.flags & RL_CANCEL_POINT);
}

/* Choices that need neither the clock nor a cancellation. */
static uint64_t own_choices(const struct rl_world *w, unsigned t)
{
    const struct rl_step *s = rl_peek(w, t);

    return rl_rows[s->op].choices(w, t);
}

bool rl_ready(const struct rl_world *w, unsigned t)
{
    return rl_cancel_due(w, t) || own_choices(w, t) != 0;
}

uint64_t rl_choices(const struct rl_world *w, unsigned t)
{
    uint64_t own;

    if (w->over || !(w->live & RL_BIT(t)))
        return 0;
    if (rl_cancel_due(w, t)) {
        /* A signal that already chose this waiter is not to be lost. */
        own = rl_peek(w, t)->op == RL_COND_WAKE ? own_choices(w, t) : 0;
        return own ? own : RL_BIT(RL_CANCELLED);
    }
    own = own_choices(w, t);
    if (!own && (rl_peek(w, t)->flags & RL_TIMED))
        own = rl_timer_choices(w, t);
    return own;
}

uint64_t rl_enabled(const struct rl_world *w)
{
    uint64_t enabled = 0;

    for (unsigned t = 0; t < w->nthreads; t++)
        if (rl_choices(w, t))
            enabled |= RL_BIT(t);
    return enabled;
}

static bool is_lock(unsigned class)
{
    return class == RL_MUTEX || class == RL_RWLOCK || class == RL_SPIN;
}

/* Only what is given back was changed by anybody. */
static bool takes(unsigned mode)
{
    return mode == RL_ACQUIRE || mode == RL_TRY || mode == RL_SHARE;
}

static void count_changes(struct rl_world *w, const struct rl_step *s,
                          int result)
{
    bool none = s->flags & RL_NO_CHANGE;

    if (result == EBUSY || result == EAGAIN || result == ETIMEDOUT)
        return;
    for (unsigned i = 0; i < s->nrefs; i++) {
        const struct rl_ref *r = &s->refs[i];
        bool lock = is_lock(r->class);

        if (r->id == RL_NO_ID || r->mode == RL_READ || r->mode == RL_CARRY ||
            (none && !lock))
            continue;
        w->objects[r->id].version++;
        if (lock && !none && !takes(r->mode))
            w->objects[r->id].stirred++;
    }
}

void rl_apply(struct rl_world *w, unsigned t, unsigned choice,
              struct rl_effect *e)
{
    struct rl_step s = *rl_pending(w, t);

    memset(e, 0, sizeof *e);
    e->done = true;
    e->child = RL_NOBODY;
    e->flags = s.flags;
    w->threads[t].steps++;
    w->steps++;
    if (choice == RL_CANCELLED && rl_cancel_due(w, t) && s.op != RL_COND_WAKE) {
        e->cancelled = true;
        w->threads[t].cancel_off = 1;
        w->threads[t].cancel_pending = 0;
    } else {
        rl_rows[s.op].apply(w, t, choice, e);
        count_changes(w, &s, e->result);
    }
    if (e->done)
        rl_pending(w, t)->op = RL_NONE;
}

void rl_bear(struct rl_world *w, unsigned t)
{
    be_born(w, t);
}

int64_t rl_versions(const struct rl_world *w, const struct rl_step *s)
{
    int64_t sum = 0;

    for (unsigned i = 0; i < s->nrefs; i++)
        if (s->refs[i].id != RL_NO_ID)
            sum += s->refs[i].stirs ? w->objects[s->refs[i].id].stirred
                                    : w->objects[s->refs[i].id].version;
    return sum;
}

bool rl_cancel_off(struct rl_world *w, unsigned t, bool off)
{
    bool old = w->threads[t].cancel_off;

    w->threads[t].cancel_off = off;
    return old;
}

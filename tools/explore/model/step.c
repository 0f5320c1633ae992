/*
 * Steps: the objects they name, what follows from their operation, and the
 * posting of them.
 */
#include "inside.h"

#include <string.h>

struct rl_step rl_step(enum rl_op op)
{
    struct rl_step s;

    memset(&s, 0, sizeof s);
    s.op = op;
    return s;
}

static bool has_state(unsigned class)
{
    switch (class) {
    case RL_THREAD:
    case RL_SPAWN:
    case RL_CLOCK:
    case RL_STREAM:
    case RL_PROCESS:
    case RL_HIDDEN:
    case RL_MEMORY:
        return false;
    default:
        return true;
    }
}

/* Objects above nobjects may hold rubbish of another world's copy. */
static void touch(struct rl_world *w, const struct rl_ref *r)
{
    struct rl_object *o;

    if (r->id == RL_NO_ID)
        return;
    if (r->id >= w->capacity) {
        w->full = 1;
        return;
    }
    if (r->id >= w->nobjects) {
        memset(&w->objects[w->nobjects], 0,
               (r->id + 1 - w->nobjects) * sizeof w->objects[0]);
        w->nobjects = r->id + 1;
    }
    o = &w->objects[r->id];
    if (o->class != RL_NO_CLASS)
        return;
    o->class = r->class;
    o->kind = r->kind;
    o->key = r->key;
    o->owner = RL_NOBODY;
}

static void add_ref(struct rl_step *s, unsigned class, uint64_t key,
                    unsigned kind, uint32_t id, unsigned mode)
{
    struct rl_ref *r = &s->refs[s->nrefs++];

    memset(r, 0, sizeof *r);
    r->key = key;
    r->id = id;
    r->class = class;
    r->kind = kind;
    r->mode = mode;
}

static unsigned next_mode(const struct rl_step *s)
{
    if (s->op == RL_PARK)
        return RL_READ;
    return rl_rows[s->op].modes[s->nrefs < 2 ? s->nrefs : 1];
}

void rl_ref_id(struct rl_world *w, struct rl_step *s, enum rl_class class,
               uint64_t key, unsigned kind, uint32_t id)
{
    if (s->nrefs == RL_REFS) {
        w->full = 1;
        return;
    }
    add_ref(s, class, key, kind, has_state(class) ? id : RL_NO_ID,
            next_mode(s));
    touch(w, &s->refs[s->nrefs - 1]);
}

void rl_ref(struct rl_world *w, struct rl_step *s, enum rl_class class,
            uint64_t key, unsigned kind)
{
    uint32_t id = 0;

    if (!has_state(class))
        id = RL_NO_ID;
    else
        while (id < w->nobjects &&
               (w->objects[id].class != class || w->objects[id].key != key))
            id++;
    if (id != RL_NO_ID && id >= w->capacity) {
        w->full = 1;
        id = 0;
    }
    rl_ref_id(w, s, class, key, kind, id);
}

static bool timed(unsigned op)
{
    return op == RL_MUTEX_TIMEDLOCK || op == RL_RW_TIMEDRDLOCK ||
           op == RL_RW_TIMEDWRLOCK || op == RL_SEM_TIMEDWAIT ||
           op == RL_SLEEP_WAKE;
}

/* What every step of this kind touches besides the objects it names. */
static void follow_up_refs(struct rl_step *s, unsigned t)
{
    switch (s->op) {
    case RL_CREATE:
        add_ref(s, RL_SPAWN, 0, 0, RL_NO_ID, RL_WRITE);
        break;
    case RL_END:
        add_ref(s, RL_THREAD, t, 0, RL_NO_ID, RL_RELEASE);
        break;
    case RL_JOIN:
        add_ref(s, RL_THREAD, (uint64_t)s->arg, 0, RL_NO_ID, RL_ACQUIRE);
        break;
    case RL_TRYJOIN:
        add_ref(s, RL_THREAD, (uint64_t)s->arg, 0, RL_NO_ID, RL_TRY);
        break;
    case RL_DETACH:
        add_ref(s, RL_THREAD, (uint64_t)s->arg, 0, RL_NO_ID, RL_WRITE);
        break;
    case RL_CANCEL:
        add_ref(s, RL_THREAD, (uint64_t)s->arg, 0, RL_NO_ID, RL_WAKE);
        break;
    case RL_OUTPUT:
        add_ref(s, RL_PROCESS, 0, 0, RL_NO_ID, RL_READ);
        break;
    case RL_EXIT:
        add_ref(s, RL_PROCESS, 0, 0, RL_NO_ID, RL_WRITE);
        break;
    case RL_CLOCK_READ:
    case RL_SLEEP:
        add_ref(s, RL_CLOCK, 0, 0, RL_NO_ID, RL_READ);
        break;
    case RL_SLEEP_WAKE:
        add_ref(s, RL_CLOCK, 0, 0, RL_NO_ID, RL_WRITE);
        break;
    default:
        if (s->flags & RL_TIMED)
            add_ref(s, RL_CLOCK, 0, 0, RL_NO_ID, RL_WRITE);
    }
    if (s->flags & RL_CANCEL_POINT)
        add_ref(s, RL_THREAD, t, 0, RL_NO_ID, RL_SHARE);
}

void rl_post(struct rl_world *w, unsigned t, const struct rl_step *step)
{
    struct rl_step *s = rl_pending(w, t);

    *s = *step;
    if (w->threads[t].cancel_off)
        s->flags &= (uint16_t)~RL_CANCEL_POINT;
    if (timed(s->op))
        s->flags |= RL_TIMED;
    if (s->op == RL_END)
        for (unsigned i = 0; i < w->threads[t].nheld; i++) {
            uint32_t id = w->threads[t].held[i].id;
            const struct rl_object *o = &w->objects[id];

            if (o->class != RL_MUTEX || !(o->kind & RL_ROBUST))
                continue;
            s->op = RL_ABANDON;
            add_ref(s, RL_MUTEX, o->key, o->kind, id, RL_RELEASE);
            break;
        }
    if (s->op == RL_RW_UNLOCK) {
        const struct rl_hold *h = rl_held(w, t, s->refs[0].id);

        if (h && h->shared)
            s->refs[0].mode = RL_UNSHARE;
    }
    follow_up_refs(s, t);
    for (unsigned i = 0; i < s->nrefs; i++)
        touch(w, &s->refs[i]);
}

void rl_resume(struct rl_world *w, unsigned t, const struct rl_step *s)
{
    w->threads[t].pending = *s;
    w->threads[t].pending.flags &= (uint16_t) ~(RL_NO_CHANGE | RL_FAILS);
    for (unsigned i = 0; i < s->nrefs; i++)
        touch(w, &s->refs[i]);
}

void rl_then(struct rl_world *w, unsigned t, enum rl_op op, int first,
             struct rl_effect *e)
{
    struct rl_step old = *rl_pending(w, t), s = rl_step(op);

    s.place = old.place;
    s.arg = old.arg;
    if (op != RL_COND_RELOCK)
        s.flags = old.flags & (RL_CANCEL_POINT | RL_RESULT_UNUSED);
    if (op == RL_COND_WAKE && old.op == RL_COND_TIMEDWAIT)
        s.flags |= RL_TIMED;
    for (int i = first; i < old.nrefs; i++) {
        struct rl_ref r = old.refs[i];

        if (r.class == RL_THREAD || r.class == RL_CLOCK)
            continue;
        r.mode = rl_rows[op].modes[i - first < 2 ? i - first : 1];
        s.refs[s.nrefs++] = r;
    }
    rl_post(w, t, &s);
    e->done = false;
}

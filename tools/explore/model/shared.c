/*
 * What several primitives need: findings, use after destroy, initialisation,
 * the locks that a thread holds, and the clock.
 */
#include "inside.h"

#include <errno.h>
#include <string.h>

void rl_find(struct rl_effect *e, enum rl_finding_kind kind, unsigned thread,
             unsigned other, uint32_t object)
{
    struct rl_finding *f;

    if (e->nfindings == RL_FINDINGS)
        return;
    f = &e->findings[e->nfindings++];
    f->kind = kind;
    f->thread = thread;
    f->other = other;
    f->spare = 0;
    f->object = object;
}

bool rl_gone(struct rl_world *w, unsigned t, int ref, struct rl_effect *e)
{
    if (rl_obj(w, t, ref)->state != RL_DESTROYED)
        return false;
    rl_find(e, RL_USE_DESTROYED, t, RL_NOBODY, rl_pending(w, t)->refs[ref].id);
    e->result = EINVAL;
    return true;
}

void rl_fresh(struct rl_world *w, unsigned t, struct rl_effect *e)
{
    const struct rl_ref *r = &rl_pending(w, t)->refs[0];
    struct rl_object *o = &w->objects[r->id];
    uint32_t version = o->version, stirred = o->stirred + 1;
    /* Those that a signal has chosen are on their way and need it no more. */
    uint64_t woken = r->class == RL_COND ? o->woken : 0;

    if (o->state != RL_DESTROYED &&
        (o->owner != RL_NOBODY || o->queue || (o->woken & ~woken)))
        rl_find(e, RL_INIT_IN_USE, t, o->owner, r->id);
    memset(o, 0, sizeof *o);
    o->key = r->key;
    o->class = r->class;
    o->kind = r->kind;
    o->owner = RL_NOBODY;
    o->version = version;
    o->stirred = stirred;
    o->woken = woken;
}

struct rl_hold *rl_held(struct rl_world *w, unsigned t, uint32_t id)
{
    struct rl_thread *th = &w->threads[t];

    for (unsigned i = 0; i < th->nheld; i++)
        if (th->held[i].id == id)
            return &th->held[i];
    return NULL;
}

void rl_hold(struct rl_world *w, unsigned t, uint32_t id, bool shared,
             struct rl_effect *e)
{
    struct rl_thread *th = &w->threads[t];
    struct rl_hold *h = rl_held(w, t, id);

    if (h) {
        h->depth++;
        return;
    }
    if (th->nheld == RL_HELD) {
        w->full = 1;
        rl_find(e, RL_TOO_MANY, t, RL_NOBODY, id);
        return;
    }
    h = &th->held[th->nheld++];
    memset(h, 0, sizeof *h);
    h->id = id;
    h->depth = 1;
    h->shared = shared;
}

unsigned rl_unhold(struct rl_world *w, unsigned t, uint32_t id)
{
    struct rl_thread *th = &w->threads[t];
    struct rl_hold *h = rl_held(w, t, id);
    size_t i;

    if (!h)
        return 0;
    if (--h->depth)
        return h->depth;
    i = (size_t)(h - th->held);
    th->nheld--;
    memmove(h, h + 1, (th->nheld - i) * sizeof *h);
    memset(&th->held[th->nheld], 0, sizeof *h);
    return 0;
}

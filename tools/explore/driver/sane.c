/*
 * See sane.h. A program that knows the layout can still lie about what it
 * did, but so can one that prints the right answer; it cannot make the judge
 * read or write where nothing is.
 */
#include "sane.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static bool is_thread(unsigned t)
{
    return t <= RL_THREADS;
}

static bool is_object(uint32_t id)
{
    return id < RX_MAX_OBJECTS || id == RL_NO_ID;
}

static bool sane_step(const struct rl_step *s)
{
    if (s->op >= RL_OPS || s->nrefs > RL_REFS)
        return false;
    for (unsigned i = 0; i < s->nrefs; i++)
        if (s->refs[i].class >= RL_CLASSES || s->refs[i].mode >= RL_MODES ||
            !is_object(s->refs[i].id))
            return false;
    return s->op != RL_JOIN || (s->arg >= 0 && s->arg < RL_THREADS);
}

static bool sane_object(const struct rl_object *o)
{
    return o->class < RL_CLASSES &&
           (o->owner < RL_THREADS || o->owner == RL_NOBODY);
}

static bool sane_world(const struct rl_world *w)
{
    if (w->capacity > RX_MAX_OBJECTS || w->nobjects > w->capacity ||
        w->nthreads < 1 || w->nthreads > RL_THREADS || w->live >> w->nthreads)
        return false;
    for (uint32_t i = 0; i < w->nobjects; i++)
        if (!sane_object(&w->objects[i]))
            return false;
    for (uint32_t t = 0; t < w->nthreads; t++)
        if (w->threads[t].nheld > RL_HELD || !sane_step(&w->threads[t].pending))
            return false;
    return true;
}

static bool sane_finding(const struct rx_finding *f)
{
    if (f->kind >= RX_KINDS || f->nparties > RX_PARTIES)
        return false;
    for (unsigned i = 0; i < RX_PARTIES; i++) {
        const struct rx_party *p = &f->party[i];

        if (!is_thread(p->thread) || p->act >= RX_ACTS ||
            p->nlocks > RX_MAX_LOCKS)
            return false;
    }
    return true;
}

static bool sane_result(const struct rx_result *r)
{
    if (r->end > RX_END_ASLEEP || r->nevents > RX_MAX_STEPS ||
        r->nfindings > RX_MAX_FINDINGS || !is_thread(r->running) ||
        !is_thread(r->slow_waiter) || !is_thread(r->slow_other) ||
        !memchr(r->what, 0, sizeof r->what))
        return false;
    for (uint32_t i = 0; i < r->nfindings; i++)
        if (!sane_finding(&r->finding[i]))
            return false;
    for (unsigned t = 0; t <= RL_THREADS; t++)
        if (r->thread[t].nholds > RL_HELD)
            return false;
    return true;
}

static bool sane_events(const struct rx_shm *shm)
{
    for (uint32_t i = 0; i < shm->result.nevents; i++) {
        const struct rx_event *e = &shm->event[i];

        if (e->thread >= RL_THREADS || !is_thread(e->child) ||
            !sane_step(&e->step))
            return false;
    }
    return true;
}

static void crash(struct rx_shm *shm, const char *what)
{
    struct rx_result *r = &shm->result;
    struct rl_world *w = (struct rl_world *)shm->world;

    memset(r, 0, sizeof *r);
    rl_world_init(w, 1, (struct rl_budget){0});
    w->capacity = RX_MAX_OBJECTS;
    r->end = RX_END_CRASH;
    snprintf(r->what, sizeof r->what, "%s", what);
}

void sane_make(struct rx_shm *shm)
{
    const struct rx_result *r = &shm->result;
    const struct rl_world *w = (const struct rl_world *)shm->world;

    if (!sane_result(r) || !sane_world(w) || !sane_events(shm) ||
        (r->end == RX_END_STANDSTILL && !w->live))
        crash(shm, "it wrote over memory of the explorer's");
}

void sane_lost(struct rx_shm *shm)
{
    crash(shm, "it ended or damaged the explorer's own process");
}

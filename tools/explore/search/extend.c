/*
 * Extending the path by a trace: the world before each move, what sleeps
 * there, what the move happened after; then the reversals.
 */
#include "extend.h"

#include <stdlib.h>
#include <string.h>

#define NEVER UINT32_MAX

/* later[i]: the next event of event i's thread. */
static void link_threads(struct rl_extend *s, const struct rl_trace *t,
                         uint32_t first[RL_THREADS])
{
    if (t->nevents > s->nlater) {
        s->nlater = 2 * (size_t)t->nevents;
        s->later = realloc(s->later, s->nlater * sizeof *s->later);
        if (!s->later)
            abort();
    }
    for (unsigned i = 0; i < RL_THREADS; i++)
        first[i] = NEVER;
    for (uint32_t i = t->nevents; i-- > 0;) {
        unsigned thread = t->events[i].thread;

        s->later[i] = first[thread];
        first[thread] = i;
    }
}

static uint32_t objects_in(const struct rl_trace *t)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < t->nevents; i++)
        for (unsigned j = 0; j < t->events[i].step.nrefs; j++) {
            uint32_t id = t->events[i].step.refs[j].id;

            if (id != RL_NO_ID && id >= most)
                most = id + 1;
        }
    for (unsigned thread = 0; thread < t->nthreads; thread++)
        for (unsigned j = 0; j < t->last[thread].nrefs; j++) {
            uint32_t id = t->last[thread].refs[j].id;

            if (id != RL_NO_ID && id >= most)
                most = id + 1;
        }
    return most;
}

/* The world after node i - 1's event, and what still sleeps there. */
static void enter_node(struct rl_extend *s, const struct rl_trace *t,
                       uint32_t i)
{
    struct rl_node *before = &s->path->nodes[i - 1], *node = before + 1;
    unsigned thread = before->event.thread;
    struct rl_effect effect;
    uint32_t later = s->later[i - 1];

    rl_world_copy(node->world, before->world);
    node->sleep = before->sleep;
    rl_sleep_step(before->world, &s->options->rules, &before->event,
                  &node->sleep);
    rl_apply(node->world, thread, before->event.choice, &effect);
    if (later != NEVER)
        rl_resume(node->world, thread, &t->events[later].step);
    else if (node->world->live & RL_BIT(thread))
        rl_resume(node->world, thread, &t->last[thread]);
    node->branch = before->branch->first;
    node->explored = 0;
}

static void set_clock(struct rl_extend *s, uint32_t i)
{
    struct rl_node *node = &s->path->nodes[i];
    unsigned thread = node->event.thread;

    memset(node->clock, 0, sizeof node->clock);
    for (uint32_t k = i; k-- > 0;) {
        const struct rl_node *earlier = &s->path->nodes[k];
        unsigned nthreads = node->world->nthreads;

        if (rl_before(earlier, node) ||
            !rl_dependent(&s->options->rules, &earlier->event, &node->event))
            continue;
        for (unsigned t = 0; t < nthreads; t++)
            if (node->clock[t] < earlier->clock[t])
                node->clock[t] = earlier->clock[t];
    }
    node->order = ++node->clock[thread];
}

/* The event at a node whose world is there. False: the executor did what the
 * model or the search did not allow. */
static bool enter_event(struct rl_extend *s, uint32_t i,
                        const struct rl_event *e)
{
    struct rl_node *node = &s->path->nodes[i];
    struct rl_branch *b = node->branch->first;

    if (!(rl_choices(node->world, e->thread) & RL_BIT(e->choice)))
        return false;
    /* What the step left unchanged is known only now. */
    rl_resume(node->world, e->thread, &e->step);
    node->world->threads[e->thread].pending.flags = e->step.flags;
    node->event = rl_foresee(node->world, e->thread, e->choice);
    if (!b) {
        b = rl_branch_new(s->pool, &node->event);
        rl_branch_add(node->branch, b);
    } else if (b->event.thread != e->thread || b->event.choice != e->choice) {
        return false;
    } else {
        b->event = node->event;
    }
    set_clock(s, i);
    return true;
}

static void first_node(struct rl_extend *s, const struct rl_trace *t,
                       uint32_t first)
{
    struct rl_node *node = &s->path->nodes[0];

    rl_world_init(node->world, s->path->objects, s->options->budget);
    rl_resume(node->world, 0,
              first == NEVER ? &t->last[0] : &t->events[first].step);
    memset(&node->sleep, 0, sizeof node->sleep);
    node->branch = s->path->root;
    node->explored = 0;
}

/* Extends the path from its end by the trace. */
bool rl_extend(struct rl_extend *s, const struct rl_trace *t, bool first_run)
{
    uint32_t first[RL_THREADS], from = (uint32_t)s->path->size;

    s->racer->trace = t;
    link_threads(s, t, first);
    rl_path_reserve(s->path, t->nevents + 1, objects_in(t));
    if (first_run)
        first_node(s, t, first[0]);
    for (uint32_t i = from; i < t->nevents; i++) {
        if (i > from)
            enter_node(s, t, i);
        s->path->size = i;
        if (!enter_event(s, i, &t->events[i]))
            return false;
        s->path->size = i + 1;
    }
    for (uint32_t i = 0; i < from; i++)
        if (s->path->nodes[i].nagain)
            rl_reverse_again(s->racer, i);
    for (uint32_t i = from; i < t->nevents; i++) {
        rl_other_choices(s->racer, i);
        rl_reverse_event(s->racer, i);
    }
    for (unsigned i = 0; i < t->nthreads; i++)
        if (t->live & RL_BIT(i))
            rl_reverse_pending(s->racer, i, &t->last[i]);
    return true;
}

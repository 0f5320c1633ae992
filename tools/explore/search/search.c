/*
 * The engine: run, extend the path by the trace, look for reversals, go back
 * to the deepest node where something is left.
 */
#include "search.h"

#include "ahead.h"
#include "path.h"
#include "race.h"

#include <stdlib.h>
#include <string.h>

struct costly {
    uint64_t key, count;
    uint8_t class;
};

struct rl_search {
    struct rl_executor executor;
    struct rl_search_options options;
    struct rl_search_stats stats;
    struct rl_path path;
    struct rl_pool pool;
    struct rl_racer racer;
    struct rl_ahead ahead;
    struct rl_branch *want;   /* whose run is next */
    struct rl_saved *current; /* the trace given out last */
    uint32_t *later;          /* absorb(): index of the thread's next event */
    size_t nlater;
    struct costly costly[64];
    unsigned ncostly;
    bool failed;
};

#define NEVER UINT32_MAX

static void count_cost(struct rl_search *s, const struct rl_ref *r)
{
    unsigned i;

    for (i = 0; i < s->ncostly; i++)
        if (s->costly[i].key == r->key && s->costly[i].class == r->class)
            break;
    if (i == s->ncostly) {
        if (i == sizeof s->costly / sizeof s->costly[0])
            return;
        s->ncostly++;
        s->costly[i] = (struct costly){r->key, 0, r->class};
    }
    s->costly[i].count++;
}

static void on_insert(void *self, const struct rl_event *a,
                      const struct rl_event *b)
{
    for (unsigned i = 0; i < a->step.nrefs; i++)
        for (unsigned j = 0; j < b->step.nrefs; j++)
            if (a->step.refs[i].class == b->step.refs[j].class &&
                a->step.refs[i].key == b->step.refs[j].key) {
                count_cost(self, &a->step.refs[i]);
                return;
            }
}

struct rl_search *rl_search_new(const struct rl_executor *executor,
                                const struct rl_search_options *options)
{
    struct rl_search *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->executor = *executor;
    s->options = *options;
    if (!s->options.max_steps)
        s->options.max_steps = 100000;
    rl_path_init(&s->path);
    s->path.root = rl_branch_new(&s->pool, NULL);
    s->want = s->path.root;
    s->racer.path = &s->path;
    s->racer.pool = &s->pool;
    s->racer.options = &s->options;
    s->racer.stats = &s->stats;
    s->racer.inserted = on_insert;
    s->racer.self = s;
    s->ahead.executor = &s->executor;
    s->ahead.options = &s->options;
    s->ahead.path = &s->path;
    if (!rl_ahead_init(&s->ahead))
        abort();
    return s;
}

/* later[i]: the next event of event i's thread. */
static void link_threads(struct rl_search *s, const struct rl_trace *t,
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
static void enter_node(struct rl_search *s, const struct rl_trace *t,
                       uint32_t i)
{
    struct rl_node *before = &s->path.nodes[i - 1], *node = before + 1;
    unsigned thread = before->event.thread;
    struct rl_effect effect;
    uint32_t later = s->later[i - 1];

    rl_world_copy(node->world, before->world);
    node->sleep = before->sleep;
    rl_sleep_step(before->world, &s->options.rules, &before->event,
                  &node->sleep);
    rl_apply(node->world, thread, before->event.choice, &effect);
    if (later != NEVER)
        rl_resume(node->world, thread, &t->events[later].step);
    else if (node->world->live & RL_BIT(thread))
        rl_resume(node->world, thread, &t->last[thread]);
    node->branch = before->branch->first;
    node->explored = 0;
}

static void set_clock(struct rl_search *s, uint32_t i)
{
    struct rl_node *node = &s->path.nodes[i];
    unsigned thread = node->event.thread;

    memset(node->clock, 0, sizeof node->clock);
    for (uint32_t k = i; k-- > 0;) {
        const struct rl_node *earlier = &s->path.nodes[k];
        unsigned nthreads = node->world->nthreads;

        if (rl_before(earlier, node) ||
            !rl_dependent(&s->options.rules, &earlier->event, &node->event))
            continue;
        for (unsigned t = 0; t < nthreads; t++)
            if (node->clock[t] < earlier->clock[t])
                node->clock[t] = earlier->clock[t];
    }
    node->order = ++node->clock[thread];
}

/* The event at a node whose world is there. False: the executor did what the
 * model or the search did not allow. */
static bool enter_event(struct rl_search *s, uint32_t i,
                        const struct rl_event *e)
{
    struct rl_node *node = &s->path.nodes[i];
    struct rl_branch *b = node->branch->first;

    if (!(rl_choices(node->world, e->thread) & RL_BIT(e->choice)))
        return false;
    /* What the step left unchanged is known only now. */
    rl_resume(node->world, e->thread, &e->step);
    node->world->threads[e->thread].pending.flags = e->step.flags;
    node->event = rl_foresee(node->world, e->thread, e->choice);
    if (!b) {
        b = rl_branch_new(&s->pool, &node->event);
        rl_branch_add(node->branch, b);
    } else if (b->event.thread != e->thread || b->event.choice != e->choice) {
        return false;
    } else {
        b->event = node->event;
    }
    set_clock(s, i);
    return true;
}

static void first_node(struct rl_search *s, const struct rl_trace *t,
                       uint32_t first)
{
    struct rl_node *node = &s->path.nodes[0];

    rl_world_init(node->world, s->path.objects, s->options.budget);
    rl_resume(node->world, 0,
              first == NEVER ? &t->last[0] : &t->events[first].step);
    memset(&node->sleep, 0, sizeof node->sleep);
    node->branch = s->path.root;
    node->explored = 0;
}

/* Extends the path from its end by the trace. */
static bool absorb(struct rl_search *s, const struct rl_trace *t)
{
    uint32_t first[RL_THREADS], from = (uint32_t)s->path.size;

    s->racer.trace = t;
    link_threads(s, t, first);
    rl_path_reserve(&s->path, t->nevents + 1, objects_in(t));
    if (s->want == s->path.root)
        first_node(s, t, first[0]);
    for (uint32_t i = from; i < t->nevents; i++) {
        if (i > from)
            enter_node(s, t, i);
        s->path.size = i;
        if (!enter_event(s, i, &t->events[i]))
            return false;
        s->path.size = i + 1;
    }
    for (uint32_t i = 0; i < from; i++)
        if (s->path.nodes[i].nagain)
            rl_reverse_again(&s->racer, i);
    for (uint32_t i = from; i < t->nevents; i++) {
        rl_other_choices(&s->racer, i);
        rl_reverse_event(&s->racer, i);
    }
    for (unsigned i = 0; i < t->nthreads; i++)
        if (t->live & RL_BIT(i))
            rl_reverse_pending(&s->racer, i, &t->last[i]);
    return true;
}

static bool asleep(const struct rl_node *node, const struct rl_event *e)
{
    return (node->sleep.threads & RL_BIT(e->thread)) &&
           (node->sleep.choices[e->thread] & RL_BIT(e->choice));
}

/* The node's first branch is done: its move sleeps from now on. */
static void finish_branch(struct rl_search *s, struct rl_node *node)
{
    struct rl_branch *b = node->branch->first;
    unsigned t = b->event.thread;

    if (!(node->sleep.threads & RL_BIT(t)))
        node->sleep.choices[t] = 0;
    node->sleep.threads |= RL_BIT(t);
    node->sleep.choices[t] |= RL_BIT(b->event.choice);
    node->world->threads[t].pending.flags &= (uint16_t)~RL_NO_CHANGE;
    node->branch->first = b->next;
    if (!b->next)
        node->branch->last = NULL;
    rl_ahead_drop(&s->ahead, b->saved);
    rl_branch_free(&s->pool, b);
    node->explored++;
}

/* To the deepest node with a branch left; false when there is none. */
static bool go_back(struct rl_search *s)
{
    while (s->path.size > 0) {
        struct rl_node *node = &s->path.nodes[--s->path.size];

        finish_branch(s, node);
        while (node->branch->first && asleep(node, &node->branch->first->event))
            finish_branch(s, node);
        s->want = node->branch->first;
        if (s->want)
            return true;
    }
    return false;
}

static void count_run(struct rl_search *s, const struct rl_trace *t)
{
    s->stats.runs++;
    s->stats.depth = t->nevents;
    switch (t->end) {
    case RL_END_DONE:
    case RL_END_STUCK:
    case RL_END_CRASHED:
        s->stats.complete++;
        break;
    case RL_END_ASLEEP:
        s->stats.redundant++;
        break;
    case RL_END_STEPS:
        s->stats.cut++;
        break;
    default:
        s->stats.bad++;
    }
}

enum rl_search_state rl_search_next(struct rl_search *s,
                                    const struct rl_trace **trace)
{
    const struct rl_trace *t;

    if (s->failed)
        return RL_SEARCH_FAILED;
    if (s->current) {
        rl_ahead_drop(&s->ahead, s->current);
        s->current = NULL;
        if (!go_back(s))
            return RL_SEARCH_FINISHED;
    } else if (s->want != s->path.root) {
        return RL_SEARCH_FINISHED;
    }
    s->current = rl_ahead_get(&s->ahead, s->want);
    s->failed = !s->current;
    if (s->failed)
        return RL_SEARCH_FAILED;
    t = &s->current->trace;
    *trace = t;
    count_run(s, t);
    if (t->end == RL_END_DIVERGED || t->end == RL_END_UNSUPPORTED) {
        s->path.size++; /* go_back() takes this branch away */
        s->failed = s->want == s->path.root;
    } else {
        s->failed = !absorb(s, t);
    }
    return RL_SEARCH_RUN;
}

static double part_done(const struct rl_search *s)
{
    double done = 0, part = 1;

    for (size_t i = 0; i < s->path.size; i++) {
        const struct rl_node *node = &s->path.nodes[i];
        double left = 0;

        for (struct rl_branch *b = node->branch->first; b; b = b->next)
            left++;
        if (!left)
            break;
        done += part * node->explored / (node->explored + left);
        part /= node->explored + left;
    }
    return done;
}

struct rl_search_stats rl_search_stats(const struct rl_search *s)
{
    struct rl_search_stats stats = s->stats;

    stats.done = part_done(s);
    return stats;
}

bool rl_search_costly(const struct rl_search *s, unsigned i,
                      enum rl_class *class, uint64_t *key, uint64_t *count)
{
    const struct costly *found = NULL;
    uint64_t taken = 0;

    for (unsigned rank = 0; rank <= i; rank++) {
        found = NULL;
        for (unsigned k = 0; k < s->ncostly; k++)
            if (!(taken & RL_BIT(k)) &&
                (!found || s->costly[k].count > found->count))
                found = &s->costly[k];
        if (!found)
            return false;
        taken |= RL_BIT(found - s->costly);
    }
    *class = found->class;
    *key = found->key;
    *count = found->count;
    return true;
}

/* Traces fetched ahead hang on the siblings along the path. */
static void drop_saved(struct rl_search *s)
{
    for (struct rl_branch *at = s->path.root; at; at = at->first)
        for (struct rl_branch *b = at->first; b; b = b->next)
            rl_ahead_drop(&s->ahead, b->saved);
}

void rl_search_free(struct rl_search *s)
{
    if (!s)
        return;
    rl_ahead_drop(&s->ahead, s->current);
    drop_saved(s);
    rl_ahead_free(&s->ahead);
    rl_branch_free(&s->pool, s->path.root);
    rl_pool_empty(&s->pool);
    rl_racer_free(&s->racer);
    rl_path_free(&s->path);
    free(s->later);
    free(s);
}

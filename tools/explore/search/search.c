/*
 * The engine: run, extend the path by the trace, look for reversals, go back
 * to the deepest node where something is left.
 */
#include "search.h"

#include "ahead.h"
#include "extend.h"
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
    struct rl_extend extend;
    struct rl_ahead ahead;
    struct rl_branch *want;   /* whose run is next */
    struct rl_saved *current; /* the trace given out last */
    struct costly costly[64];
    unsigned ncostly;
    bool failed;
};

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
    s->extend.path = &s->path;
    s->extend.pool = &s->pool;
    s->extend.racer = &s->racer;
    s->extend.options = &s->options;
    s->ahead.executor = &s->executor;
    s->ahead.options = &s->options;
    s->ahead.path = &s->path;
    if (!rl_ahead_init(&s->ahead))
        abort();
    return s;
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
        s->failed = !rl_extend(&s->extend, t, s->want == s->path.root);
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
    free(s->extend.later);
    free(s);
}

/*
 * What a branch's run will be asked is fixed as soon as the branch exists:
 * its siblings before it are all in the tree already, later insertions only
 * append. So it can run at any time before its turn.
 */
#include "ahead.h"

#include <stdlib.h>
#include <string.h>

/* Traces kept for later; more would only cost memory. */
#define MOST_SAVED 2048

bool rl_ahead_init(struct rl_ahead *a)
{
    a->slots = calloc(a->executor->slots, sizeof(struct rl_saved *));
    a->nsaved = 0;
    return a->slots != NULL;
}

static size_t chain_length(const struct rl_branch *b)
{
    size_t n = 0;

    for (; b; b = b->first)
        n++;
    return n;
}

static void add_sleep(struct rl_sleep *sleep, const struct rl_event *e)
{
    if (!(sleep->threads & RL_BIT(e->thread)))
        sleep->choices[e->thread] = 0;
    sleep->threads |= RL_BIT(e->thread);
    sleep->choices[e->thread] |= RL_BIT(e->choice);
}

/* The run of `branch`, child of node `depth`, with what sleeps by then. */
static struct rl_saved *ask(struct rl_ahead *a, size_t depth,
                            const struct rl_branch *branch,
                            const struct rl_sleep *sleep)
{
    struct rl_saved *s = calloc(1, sizeof *s);
    size_t n = depth + chain_length(branch), i;

    if (!s || !(s->prefix = calloc(n + 1, sizeof *s->prefix)))
        abort();
    for (i = 0; i < depth; i++) {
        s->prefix[i].thread = a->path->nodes[i].event.thread;
        s->prefix[i].choice = a->path->nodes[i].event.choice;
    }
    for (; branch; branch = branch->first, i++) {
        s->prefix[i].thread = branch->event.thread;
        s->prefix[i].choice = branch->event.choice;
    }
    s->request.prefix = s->prefix;
    s->request.nprefix = (uint32_t)n;
    s->request.sleep_from = (uint32_t)depth;
    if (sleep)
        s->request.sleep = *sleep;
    s->request.budget = a->options->budget;
    s->request.rules = a->options->rules;
    s->request.max_steps = a->options->max_steps;
    return s;
}

static int free_slot(const struct rl_ahead *a)
{
    for (unsigned i = 0; i < a->executor->slots; i++)
        if (!a->slots[i])
            return (int)i;
    return -1;
}

static bool launch(struct rl_ahead *a, int slot, struct rl_saved *s)
{
    a->slots[slot] = s;
    a->nsaved++;
    return a->executor->start(a->executor->self, (unsigned)slot, &s->request) >=
           0;
}

/* Fills free slots, the deepest nodes first: they come first. */
static bool fetch_ahead(struct rl_ahead *a, size_t depth)
{
    int slot = free_slot(a);

    for (size_t i = depth + 1; slot >= 0 && i-- > 0;) {
        struct rl_node *node = &a->path->nodes[i];
        struct rl_sleep sleep = node->sleep;
        struct rl_branch *b = node->branch->first;

        for (; b && b->next && slot >= 0 && a->nsaved < MOST_SAVED;) {
            add_sleep(&sleep, &b->event);
            b = b->next;
            if (b->saved)
                continue;
            b->saved = ask(a, i, b, &sleep);
            if (!launch(a, slot, b->saved))
                return false;
            slot = free_slot(a);
        }
    }
    return true;
}

static bool wait_for_one(struct rl_ahead *a)
{
    struct rl_trace trace;
    struct rl_saved *s;
    int slot;

    memset(&trace, 0, sizeof trace);
    slot = a->executor->wait(a->executor->self, &trace);
    if (slot < 0)
        return false;
    s = a->slots[slot];
    a->slots[slot] = NULL;
    s->trace = trace;
    s->arrived = true;
    if (s->dropped)
        rl_ahead_drop(a, s);
    return true;
}

struct rl_saved *rl_ahead_get(struct rl_ahead *a, struct rl_branch *branch)
{
    bool first = branch == a->path->root;
    size_t depth = a->path->size;
    struct rl_saved *s = branch->saved;
    int slot;

    if (!s) {
        s = first ? ask(a, 0, NULL, NULL)
                  : ask(a, depth, branch, &a->path->nodes[depth].sleep);
        branch->saved = s;
        while ((slot = free_slot(a)) < 0)
            if (!wait_for_one(a))
                return NULL;
        if (!launch(a, slot, s))
            return NULL;
    }
    for (;;) {
        if (a->executor->slots > 1 && !first && !fetch_ahead(a, depth))
            return NULL;
        if (s->arrived)
            break;
        if (!wait_for_one(a))
            return NULL;
    }
    branch->saved = NULL;
    return s;
}

void rl_ahead_drop(struct rl_ahead *a, struct rl_saved *s)
{
    if (!s)
        return;
    if (!s->arrived) {
        s->dropped = true; /* let it run, nobody waits for it */
        return;
    }
    a->executor->release(a->executor->self, &s->trace);
    free(s->prefix);
    free(s);
    a->nsaved--;
}

void rl_ahead_free(struct rl_ahead *a)
{
    for (unsigned i = 0; i < a->executor->slots; i++)
        rl_ahead_drop(a, a->slots[i]);
    for (unsigned i = 0; i < a->executor->slots; i++)
        while (a->slots[i] && wait_for_one(a))
            ;
    free(a->slots);
}

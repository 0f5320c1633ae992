/*
 * Wakeup trees: insertion as in section 7 of the JACM paper, on events that
 * are a thread's step with a choice.
 */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

struct rl_branch *rl_branch_new(struct rl_pool *pool,
                                const struct rl_event *event)
{
    struct rl_branch *b = pool->free;

    if (b)
        pool->free = b->next;
    else if (!(b = malloc(sizeof *b)))
        abort();
    memset(b, 0, sizeof *b);
    if (event)
        b->event = *event;
    return b;
}

/* Children go to the pool one by one: no recursion, however deep. */
void rl_branch_free(struct rl_pool *pool, struct rl_branch *b)
{
    struct rl_branch *todo = b;

    if (!b)
        return;
    b->next = NULL;
    while (todo) {
        struct rl_branch *this = todo;

        todo = this->next;
        if (this->first) {
            this->last->next = todo;
            todo = this->first;
        }
        this->next = pool->free;
        pool->free = this;
    }
}

void rl_pool_empty(struct rl_pool *pool)
{
    while (pool->free) {
        struct rl_branch *b = pool->free;

        pool->free = b->next;
        free(b);
    }
}

void rl_branch_add(struct rl_branch *parent, struct rl_branch *child)
{
    child->next = NULL;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

/* v has an event of e's thread, at i: e is first if nothing before it in v is
 * in its way. The end of the process is never first: it cuts the others off. */
static bool comes_first(const struct rl_rules *rules,
                        const struct rl_event *const *v, size_t i)
{
    if (v[i]->step.op == RL_EXIT && i > 0)
        return false;
    for (size_t j = 0; j < i; j++)
        if (rl_dependent(rules, v[j], v[i]))
            return false;
    return true;
}

enum rl_cover rl_covers(const struct rl_rules *rules, const struct rl_event *e,
                        const struct rl_event *const *v, size_t n, size_t *at)
{
    struct rl_event any;

    for (size_t i = 0; i < n; i++) {
        if (v[i]->thread != e->thread)
            continue;
        *at = i;
        return v[i]->choice == e->choice && comes_first(rules, v, i)
                   ? RL_COVERED
                   : RL_NOT_COVERED;
    }
    *at = n;
    if (e->step.op == RL_EXIT && n > 0)
        return RL_NOT_COVERED;
    any = *e;
    any.choice = RL_ANY_CHOICE;
    any.time_moved = (any.step.flags & RL_TIMED) != 0;
    for (size_t i = 0; i < n; i++)
        if (rl_conflict(rules, &any, v[i]))
            return RL_NOT_COVERED;
    return RL_COVERED_NOW;
}

enum rl_cover rl_tree_insert(struct rl_pool *pool, const struct rl_rules *rules,
                             struct rl_branch *root, const struct rl_event **v,
                             size_t n, bool strict)
{
    struct rl_branch *at = root, *child = root->first;
    enum rl_cover worst = RL_COVERED;
    size_t i;

    while (child) {
        enum rl_cover cover = rl_covers(rules, &child->event, v, n, &i);

        if (cover == RL_NOT_COVERED) {
            child = child->next;
            continue;
        }
        if (cover == RL_COVERED_NOW) {
            worst = cover;
        } else {
            memmove(&v[i], &v[i + 1], (n - i - 1) * sizeof *v);
            n--;
        }
        if (!child->first)
            return worst;
        at = child;
        child = at->first;
    }
    if (strict && worst == RL_COVERED_NOW)
        return worst;
    for (i = 0; i < n; i++) {
        child = rl_branch_new(pool, v[i]);
        rl_branch_add(at, child);
        at = child;
    }
    return RL_NOT_COVERED;
}

/*
 * Wakeup trees: the beginnings of interleavings that are still to be run from
 * a point, first child first.
 */
#ifndef RL_EXPLORE_SEARCH_TREE_H
#define RL_EXPLORE_SEARCH_TREE_H

#include "executor.h"

struct rl_branch {
    struct rl_event event;
    struct rl_branch *first, *last; /* children, in order */
    struct rl_branch *next;         /* sibling */
    struct rl_saved *saved;         /* a trace fetched ahead, search.c */
};

/* Branches that are free to use again. */
struct rl_pool {
    struct rl_branch *free;
};

struct rl_branch *rl_branch_new(struct rl_pool *pool,
                                const struct rl_event *event);
void rl_branch_free(struct rl_pool *pool, struct rl_branch *b);
void rl_pool_empty(struct rl_pool *pool);

void rl_branch_add(struct rl_branch *parent, struct rl_branch *child);

/* How a sequence is covered by what the tree holds, or sleeps. */
enum rl_cover {
    RL_NOT_COVERED,
    RL_COVERED,
    /* Through an event of a thread that the sequence lacks. A longer sequence
     * may turn out not to be covered: ask again after other runs. */
    RL_COVERED_NOW,
};

/* Does what begins with v begin, up to swaps of independent events, with this
 * event too? *at is its place in v, or n (RL_COVERED_NOW). Where v lacks its
 * thread, no choice of that thread may depend on v: v followed by another
 * choice would begin with v and not with this event. */
enum rl_cover rl_covers(const struct rl_rules *rules, const struct rl_event *e,
                        const struct rl_event *const *v, size_t n, size_t *at);

/* Inserts v below root unless something there covers it; the array is used up.
 * With `strict` it is inserted only where no RL_COVERED_NOW had part in
 * finding the place. Returns RL_NOT_COVERED if it was inserted. */
enum rl_cover rl_tree_insert(struct rl_pool *pool, const struct rl_rules *rules,
                             struct rl_branch *root, const struct rl_event **v,
                             size_t n, bool strict);

#endif

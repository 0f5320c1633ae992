/*
 * The current path of the search: one node a move, each with the world before
 * it, what sleeps there, and the move's place in happens-before (the relation
 * of the table of dependence, not that of data races).
 */
#ifndef RL_EXPLORE_SEARCH_PATH_H
#define RL_EXPLORE_SEARCH_PATH_H

#include "tree.h"

struct rl_node {
    struct rl_world *world; /* before the event */
    struct rl_sleep sleep;
    struct rl_branch *branch; /* its children: the wakeup tree from here; the
                                 first is the event below */
    uint32_t explored;        /* children done */
    uint32_t order;           /* of the event in its thread, from 1 */
    struct rl_event event;
    /* clock[t]: how many of t's events happen before this one, or are it */
    uint32_t clock[RL_THREADS];
    /* Indexes of events before this one whose reversal with it was covered,
     * but may not be when a run brings more that is independent of both. */
    uint32_t *again;
    uint32_t nagain, room;
};

struct rl_path {
    struct rl_node *nodes;
    size_t size, allocated; /* nodes with an event; room */
    uint32_t objects;       /* capacity of the worlds */
    struct rl_branch *root;
    struct rl_world *scratch;
};

void rl_path_init(struct rl_path *p);
void rl_path_free(struct rl_path *p);

/* Room for n events and worlds of that many objects. */
void rl_path_reserve(struct rl_path *p, size_t n, uint32_t objects);

static inline bool rl_before(const struct rl_node *a, const struct rl_node *b)
{
    return b->clock[a->event.thread] >= a->order;
}

#endif

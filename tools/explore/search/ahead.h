/*
 * Runs in the executor's slots: the one that is needed now, and those that
 * are certain to be needed later, started ahead.
 */
#ifndef RL_EXPLORE_SEARCH_AHEAD_H
#define RL_EXPLORE_SEARCH_AHEAD_H

#include "path.h"
#include "search.h"

/* A request in a slot, then its trace until its turn has come. */
struct rl_saved {
    struct rl_request request;
    struct rl_move *prefix;
    struct rl_trace trace;
    bool arrived, dropped;
};

struct rl_ahead {
    const struct rl_executor *executor;
    const struct rl_search_options *options;
    struct rl_path *path;
    struct rl_saved **slots; /* what runs there, or NULL */
    unsigned nsaved;         /* running or waiting for their turn */
};

bool rl_ahead_init(struct rl_ahead *a);

/* The trace of the branch, a child of the node at the end of the path (or
 * the root, for the first run). NULL when the executor failed. */
struct rl_saved *rl_ahead_get(struct rl_ahead *a, struct rl_branch *branch);

void rl_ahead_drop(struct rl_ahead *a, struct rl_saved *saved);

/* Waits for what still runs. */
void rl_ahead_free(struct rl_ahead *a);

#endif

/*
 * The path of the search grows by what a run did.
 */
#ifndef RL_EXPLORE_SEARCH_EXTEND_H
#define RL_EXPLORE_SEARCH_EXTEND_H

#include "path.h"
#include "race.h"
#include "search.h"

struct rl_extend {
    struct rl_path *path;
    struct rl_pool *pool;
    struct rl_racer *racer;
    const struct rl_search_options *options;
    uint32_t *later; /* per event: index of its thread's next */
    size_t nlater;
};

/* Extends the path from its end and enters all reversals into the tree. False
 * if the executor did what the model or the search did not allow. */
bool rl_extend(struct rl_extend *s, const struct rl_trace *t, bool first_run);

#endif

/*
 * Reversible races: pairs of dependent events of which the later could also
 * come first. Each gives the beginning of another interleaving.
 */
#ifndef RL_EXPLORE_SEARCH_RACE_H
#define RL_EXPLORE_SEARCH_RACE_H

#include "path.h"
#include "search.h"

struct rl_racer {
    struct rl_path *path;
    struct rl_pool *pool;
    const struct rl_search_options *options;
    struct rl_search_stats *stats;
    const struct rl_trace *trace;  /* that the path ends with */
    struct rl_event *sequence;     /* room for a path */
    const struct rl_event **offer; /* the same, used up by insertion */
    size_t room;
    uint32_t *reversed; /* indexes of events that gave way to this one */
    void (*inserted)(void *self, const struct rl_event *earlier,
                     const struct rl_event *later);
    void *self;
};

/* All reversals of the event at this index with those before it. The whole
 * path counts: what came after and is independent of both goes along. */
void rl_reverse_event(struct rl_racer *r, size_t index);

/* Those reversals of an older event that the rest of this path may uncover. */
void rl_reverse_again(struct rl_racer *r, size_t index);

/* All reversals of the step that the thread stands at when the run is over. */
void rl_reverse_pending(struct rl_racer *r, unsigned thread,
                        const struct rl_step *step);

/* Every other choice of the event at this index; before rl_reverse_event. */
void rl_other_choices(struct rl_racer *r, size_t index);

void rl_racer_free(struct rl_racer *r);

#endif

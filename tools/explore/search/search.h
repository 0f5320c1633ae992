/*
 * The search for all interleavings that differ: optimal dynamic partial-order
 * reduction with wakeup trees (Abdulla, Aronis, Jonsson, Sagonas: "Source
 * Sets", JACM 64(4), 2017, section 7, and section 10 on steps that disable
 * others), with choices as branches of a node. One run for each class of
 * interleavings that the table of dependence tells apart.
 *
 * An iterator: each call of rl_search_next() gives one run's trace, always in
 * the same order, whatever the number of the executor's slots. Memory grows
 * with the length of a run and what is still to be done along it, never with
 * the number of runs.
 */
#ifndef RL_EXPLORE_SEARCH_SEARCH_H
#define RL_EXPLORE_SEARCH_SEARCH_H

#include "executor.h"

struct rl_search;

struct rl_search_options {
    struct rl_budget budget;
    struct rl_rules rules;
    uint32_t max_steps; /* moves of one run */
    /* For tests: reverse every pair in conflict, not only neighbours. */
    bool eager;
};

enum rl_search_state {
    RL_SEARCH_RUN,      /* here is a trace */
    RL_SEARCH_FINISHED, /* there is no other interleaving */
    RL_SEARCH_FAILED,   /* the executor failed, or disagrees with the model */
};

struct rl_search_stats {
    uint64_t runs;       /* traces given out */
    uint64_t complete;   /* that ended DONE or STUCK: interleavings */
    uint64_t redundant;  /* that ended ASLEEP: nothing new in them */
    uint64_t cut;        /* that ended STEPS: what follows was not seen */
    uint64_t bad;        /* DIVERGED, CRASHED, UNSUPPORTED */
    uint64_t races;      /* reversals that were tried */
    uint64_t impossible; /* reversals that the model refused though it should
                            not: 0, or the table of dependence is wrong */
    uint32_t depth;      /* moves of the last run */
    double done;         /* a guess: which part of the search is behind us */
};

struct rl_search *rl_search_new(const struct rl_executor *executor,
                                const struct rl_search_options *options);

/* The trace is valid until the next call. */
enum rl_search_state rl_search_next(struct rl_search *s,
                                    const struct rl_trace **trace);

struct rl_search_stats rl_search_stats(const struct rl_search *s);

/* Which objects cost most: the i-th most frequent in reversals, false when
 * there is none. For "smaller arguments to try". */
bool rl_search_costly(const struct rl_search *s, unsigned i,
                      enum rl_class *class, uint64_t *key, uint64_t *count);

void rl_search_free(struct rl_search *s);

#endif

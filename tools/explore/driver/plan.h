/*
 * Which schedules a strategy of rl-explore comes to, in what order, and what
 * can be said at the end of them.
 */
#ifndef RX_PLAN_H
#define RX_PLAN_H

#include "bag.h"
#include "judge.h"

struct plan {
    const char *strategy;
    int schedules; /* most runs; 0: the strategy's own number */
    uint64_t seed;
    uint32_t max_steps;
    struct rl_budget budget;
    int depth;                    /* pct */
    uint64_t work_low, work_high; /* the work function, or 0 0 */
    bool until_error;             /* no run after the first wrong one */
    bool trace;                   /* every run, step by step, on stderr */
};

enum assumes {
    ASSUMES_SC = 1,
    ASSUMES_SPURIOUS = 2,
    ASSUMES_WEAK_CAS = 4,
    ASSUMES_EARLY = 8,
    ASSUMES_NO_REUSE = 16,
    ASSUMES_MALLOC = 32,
    ASSUMES_UNORDERED = 64,
};

struct outcome {
    char *end; /* "exit 0", "standstill", "SIGSEGV" */
    char *out;
    size_t length;
    char *replay; /* token of the first */
    int count;
};

struct report {
    int runs;
    int wrong;        /* of them, with an error */
    int unanswered;   /* runs without a verdict */
    char reason[300]; /* of the first of them */
    char basis[200];
    struct outcome *outcomes;
    size_t noutcomes;
    uint32_t max_alive; /* threads alive at once, creators first */
    uint32_t at_work;   /* in the work function at once */
    int points;         /* of the recording run */
    bool complete;      /* nothing else can happen */
    bool cut;           /* by a budget that the user gave, see reason */
    uint32_t workers;   /* threads beside main, the same in every run, or 0 */
    uint32_t sections;  /* locks that each of them takes, the same, or 0 */
    uint64_t interleavings;
    unsigned assumes; /* enum assumes, as bits */
};

/* False when the server died; the sentence is on stderr. */
bool plan_run(const struct plan *p, struct judge *j, struct report *r);
/* Counts an outcome. Takes the token over. */
void report_outcome(struct report *r, const char *end, const char *out,
                    size_t length, char *replay);
void report_free(struct report *r);

#endif

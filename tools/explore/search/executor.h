/*
 * The interface between what decides (search.c) and what runs: an executor
 * runs a program once, along a prefix that it is told and then by the rule
 * of rl_continue(), and returns what happened. The real one forks a program
 * with threads; vm.c runs small generated programs in this process.
 *
 * A request with the same contents always gets the same trace.
 */
#ifndef RL_EXPLORE_SEARCH_EXECUTOR_H
#define RL_EXPLORE_SEARCH_EXECUTOR_H

#include "../model/depend.h"
#include "../model/model.h"

struct rl_move {
    uint8_t thread;
    uint8_t choice;
};

/* The choices that are asleep, of each thread: explored already from here or
 * from an earlier point, and nothing that depends on them happened since. */
struct rl_sleep {
    uint64_t threads; /* those with a choice asleep */
    uint64_t choices[RL_THREADS];
};

struct rl_request {
    const struct rl_move *prefix;
    uint32_t nprefix;
    /* The sleep set below holds after this many moves of the prefix; from
     * there on the executor keeps it up to date with rl_sleep_step(). */
    uint32_t sleep_from;
    struct rl_sleep sleep;
    struct rl_budget budget;
    struct rl_rules rules;
    uint32_t max_steps; /* moves of one run */
};

enum rl_end {
    RL_END_DONE,       /* all ended, or RL_EXIT */
    RL_END_STUCK,      /* somebody is alive and nobody can go on */
    RL_END_ASLEEP,     /* somebody could go on, but all that could sleep */
    RL_END_STEPS,      /* max_steps */
    RL_END_DIVERGED,   /* a move of the prefix was not possible */
    RL_END_CRASHED,    /* the program died: a signal, an assertion */
    RL_END_UNSUPPORTED /* the executor says what in `note` */
};

/* What one run did. The search owns it from wait() to release(). */
struct rl_trace {
    enum rl_end end;
    uint32_t nevents;
    const struct rl_event *events; /* steps as they stood when carried out */
    uint32_t nthreads;
    struct rl_step last[RL_THREADS]; /* where each live thread stands */
    uint64_t live;
    uint64_t outcome; /* a hash: output, exit, findings. Equal is equal */
    bool race;        /* a data race: nothing is proved any more */
    bool error;       /* a finding that is an error (a race is one too) */
    void *more;       /* what the callbacks of this executor's user read */
};

/* An executor has slots, each for one run at a time. start() begins a run in
 * a free slot; wait() returns a slot whose run is over, its trace filled in;
 * the slot is free again, the trace lives until release(). With one slot
 * start() may do all the work. `request` and what it points to live until
 * wait() has returned its slot. Both return < 0 on a failure of our own,
 * which ends the search. */
struct rl_executor {
    void *self;
    unsigned slots;
    int (*start)(void *self, unsigned slot, const struct rl_request *request);
    int (*wait)(void *self, struct rl_trace *trace);
    void (*release)(void *self, struct rl_trace *trace);
};

/* How every executor goes on after the prefix. `last` is the thread that
 * moved last. Fills in `move` and returns true; or false: then *asleep tells
 * whether somebody could have gone on. The rule: the same thread, else the
 * next lower slot; first choices that need no luck, then the clock, then what
 * costs a budget; the end of the process only when nothing else is left, so
 * that all others were seen first. */
bool rl_continue(const struct rl_world *w, const struct rl_sleep *sleep,
                 unsigned last, struct rl_move *move, bool *asleep);

/* What still sleeps after `event`, which is about to be carried out in `w`:
 * call it before rl_apply. */
void rl_sleep_step(const struct rl_world *w, const struct rl_rules *rules,
                   const struct rl_event *event, struct rl_sleep *sleep);

#endif

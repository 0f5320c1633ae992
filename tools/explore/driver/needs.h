/*
 * What a run relied on that is not the usual course of things, counted.
 */
#ifndef RX_NEEDS_H
#define RX_NEEDS_H

#include "judge.h"

struct needs {
    int preemptions; /* a thread is set aside that could go on */
    int spurious_wakeups;
    int early_timers; /* the others are slower than a sleep or timeout */
    int weak_cas_failures;
    int cut_off; /* threads that could go on when the process ended */
};

/* Of the last run. */
struct needs needs_of(const struct judge *j);
/* The event before which the last preempted thread goes on again, or, where
 * nobody was set aside, UINT32_MAX. */
uint32_t needs_last_switch(const struct judge *j);
json_t *needs_json(const struct needs *n);

#endif

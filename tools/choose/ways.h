/*
 * The same tasks, done in five ways. A way takes tasks 0 to n - 1, does each
 * once and leaves its result under its number; it returns false where the
 * system refused a thread, a process or a descriptor.
 */
#ifndef RL_WAYS_H
#define RL_WAYS_H

#include <stdbool.h>
#include <stdint.h>

struct job {
    bool waits;       /* else it computes */
    unsigned tasks;   /* how many */
    unsigned amount;  /* of each: ms to wait, or thousands of steps */
    unsigned workers; /* of a pool */
};

typedef bool way_run(const struct job *job, uint64_t *results);

struct way {
    const char *name;
    way_run *run;
};

/* A pool of threads; one thread a task; one after another; a pool of
 * processes that get numbers and send results through pipes; one thread with
 * epoll, where what waits is a timer. The last entry has no name. */
extern const struct way ways[];

/* One task, to its end: by sleeping where it waits. */
uint64_t task_run(const struct job *job, unsigned number);
/* What a task that has been waited for says. */
uint64_t task_waited(const struct job *job, unsigned number);

way_run way_processes, way_loop;

#endif

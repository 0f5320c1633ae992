/*
 * Inside of rl-loop: main.c reads the options and runs, order.c tries the
 * orders of the events, stall.c tells who kept the loop.
 */
#ifndef RL_LOOP_TOOL_H
#define RL_LOOP_TOOL_H

#include "story.h"

#include "../core/run.h"

struct tool {
    struct run_options o;
    struct judging judging;
    struct text expected;
    int drawn; /* so many orders are drawn; 0: the usual number */
    uint64_t seed;
    struct symbols *symbols;
    struct sink {
        int fd;
        char path[32];
        struct text text; /* of the last run */
    } out, err, log;
    int runs; /* so far */
};

/* One run with these choices (LOOP_ENV): its story, and what a judge of runs
 * says of it, a new array. A program that does not start ends the process.
 * So does one that does what is not modelled: no answer. */
json_t *tool_run(struct tool *t, const char *told, struct story *s);

/* Has an array of findings one of severity "error"? The first, or NULL. */
json_t *tool_error(json_t *findings);

/* Takes the line. */
void tool_print(json_t *line);
/* Prints a summary and ends the process. reason may be NULL. */
_Noreturn void tool_end(struct tool *t, const char *status, const char *basis,
                        const char *reason);

/* The strategies; they end the process. */
_Noreturn void order(struct tool *t);
_Noreturn void stalls(struct tool *t);

#endif

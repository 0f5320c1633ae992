/*
 * The command line of rl-explore.
 */
#ifndef RX_OPTIONS_H
#define RX_OPTIONS_H

#include "plan.h"

enum { MOST_JOBS = 16 };

struct options {
    const char *work;
    const char *binary, *stdin_file, *output_file, *detector;
    struct plan plan;
    int expect_exit, cpu, wall;
    const char *id, *replay, *sources;
    bool facts, prove, unordered, no_work, object, story, same, gdb, stats;
    int seconds, jobs, progress;
    char **args;
};

/* Ends the process, with 2, on wrong use. */
void options_parse(struct options *o, int argc, char **argv);

#endif

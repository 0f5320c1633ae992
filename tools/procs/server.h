/*
 * The server's two halves: server.c forks a run for each schedule and hands
 * out turns; answer.c says what a run showed.
 */
#ifndef PROCS_SERVER_H
#define PROCS_SERVER_H

#include "rt.h"

struct procs_schedule {
    enum procs_order order;
    int process; /* held at its n-th point until all others wait; -1: none */
    uint32_t point;
};

/* How the first process ended: status as waitpid gives it, unless still. */
struct procs_ending {
    bool still;
    int status;
};

void answer_run(const struct procs_schedule *s, struct procs_ending e, int out,
                int err);
void answer_end(int done, int of);

#endif

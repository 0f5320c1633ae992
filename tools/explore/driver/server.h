/*
 * The program under control, as a server of runs: started once, it stops
 * before main and forks a child for every job. Nothing here knows what a
 * schedule is for.
 */
#ifndef RX_SERVER_H
#define RX_SERVER_H

#include "../rt/proto.h"

#include <stdbool.h>
#include <stddef.h>

struct server;

struct server_options {
    const char *binary;
    char **args; /* of the program, NULL at the end; without its name */
    const char *stdin_file; /* NULL: empty */
    int cpu;                /* to be pinned to, -1: any */
    bool apart;             /* only the program is pinned, not we */
    bool outside;           /* of the sandbox: for a debugger */
    int wall_s;             /* outer limit of one run */
};

/* NULL on failure, with one sentence on stderr. o stays the caller's and has
 * to outlive the server. */
struct server *server_start(const struct server_options *o);
/* Why the last start failed, if the program itself is at fault: it never came
 * to its main. NULL: it is not. kind: of a finding. */
struct server_early {
    const char *kind;
    char words[120];
};
const struct server_early *server_early(void);
void server_stop(struct server *s); /* NULL is fine */

/* Runs the job that is in shm->job and shm->prefix. False when the server
 * itself has died; the sentence is on stderr. */
bool server_run(struct server *s);
/* The same in two halves: several servers can be at work at once. */
bool server_begin(struct server *s);
bool server_end(struct server *s);

struct rx_shm *server_shm(struct server *s);
const struct rl_world *server_world(const struct server *s);

/* What the last run wrote; valid until the next run. */
const char *server_stdout(struct server *s, size_t *length);
const char *server_stderr(struct server *s, size_t *length);

/* From now on the places that two threads were seen to touch are fixed:
 * they are the plain accesses that count as points. */
void server_freeze(struct server *s);
/* The collected hb_share of recorded runs. */
const void *server_share(const struct server *s);

#endif

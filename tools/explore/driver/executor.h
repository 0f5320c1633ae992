/*
 * The real executor of the search: forks the program for every run. A slot
 * is a server of its own, best on a processor of its own.
 */
#ifndef RX_EXECUTOR_H
#define RX_EXECUTOR_H

#include "../search/executor.h"
#include "bag.h"
#include "judge.h"

struct real_executor;

/* What a trace carries in `more`. */
struct real_run {
    struct bag *findings;
    char *out;
    size_t length;
    char end[40];       /* in words */
    char reason[200];   /* why there is no verdict, or "" */
    char *replay;       /* token */
    bool mallocs;       /* did it call malloc? */
    bool reuse_matters; /* it freed, and had addresses of blocks in atomics */
    bool reuse_open;    /* which address came back was one of several */
};

/* Takes the servers (one a slot) for its own use; they stay the caller's. */
struct real_executor *real_new(struct server **servers, unsigned n,
                               struct judge *judge);
void real_free(struct real_executor *r);
/* From now on freed memory is given out again (rt/memory.c). */
void real_reuse(struct real_executor *r);
struct rl_executor real_executor(struct real_executor *r);

#endif

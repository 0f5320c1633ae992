/*
 * From one run to findings: what the runtime noticed, why it stands still,
 * how the process ended and what it printed.
 */
#ifndef RX_JUDGE_H
#define RX_JUDGE_H

#include "../../core/finding.h"
#include "names.h"
#include "token.h"

struct expect {
    char *output; /* NULL: not judged */
    size_t length;
    int exit_code;
};

struct bag; /* findings of many runs, each once: bag.h */

struct judge {
    struct server *server;
    struct names *names;
    struct bag *bag;
    const struct expect *expect;
    const char *detector;
    /* Output steps a thread made when nobody was cut off. */
    uint32_t outputs[RL_THREADS + 1];
    bool has_outputs;
    struct token_id id; /* of program, arguments and input, for tokens */
    int run;            /* runs judged so far */
    int errors;         /* in the last one */
    bool racy;          /* the last one holds a race */
    bool remarks;       /* tell what nobody missed, and output that varies */
};

/* Looks at the last run and puts its findings into the bag. True when the
 * run had at least one error. */
bool judge_run(struct judge *j);

/* Keeps what the last run printed as what can be printed at all. */
void judge_reference(struct judge *j);

/* Why the last run stands still (standstill.c). */
void judge_standstill(struct judge *j);
/* Its output, exit code or signal (outcome.c). */
void judge_outcome(struct judge *j);

/* For the above: a finding of the last run, handed to the bag. */
struct finding *judge_new(struct judge *j, enum rx_kind kind, bool note);
void judge_put(struct judge *j, struct finding *f);
/* The same for what only many runs together show. */
void judge_put_late(struct judge *j, struct finding *f);
struct finding_thread *judge_party(struct judge *j, struct finding *f,
                                   unsigned thread, const char *op, uint64_t pc,
                                   uint32_t object);
void judge_add_locks(struct judge *j, struct finding_thread *t,
                     unsigned thread);
const char *judge_kind(enum rx_kind kind);

#endif

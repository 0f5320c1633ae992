/*
 * Every interleaving that differs, by the search of ../search, and what can
 * be said when it has ended: all are right, or some is wrong, or how far it
 * came and what it cannot cover.
 */
#ifndef RX_PROVE_H
#define RX_PROVE_H

#include "plan.h"

struct prove_options {
    struct server **servers; /* one a slot, the first is judge->server */
    unsigned nservers;
    int64_t schedules; /* most runs, 0: no limit */
    bool unordered_output;
    bool small; /* give up early when it is going to be long */
    const char *binary;
};

/* False on a failure of our own; the sentence is on stderr. */
bool prove_run(const struct plan *p, const struct prove_options *o,
               struct judge *j, struct report *r);

#endif

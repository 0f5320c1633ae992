/*
 * What is collected over the runs of a plan: outcomes and the first wrong
 * interleaving.
 */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

static void *or_die(void *p)
{
    if (!p)
        exit(70);
    return p;
}

void report_outcome(struct report *r, const char *end, const char *out,
                    size_t length, bool counts)
{
    struct outcome *o;

    if (!counts)
        return;
    for (size_t i = 0; i < r->noutcomes; i++) {
        o = &r->outcomes[i];
        if (o->length == length && !memcmp(o->out, out, length) &&
            !strcmp(o->end, end)) {
            o->count++;
            return;
        }
    }
    r->outcomes =
        or_die(realloc(r->outcomes, (r->noutcomes + 1) * sizeof *r->outcomes));
    o = &r->outcomes[r->noutcomes++];
    *o = (struct outcome){.end = or_die(strdup(end)),
                          .out = or_die(malloc(length + 1)),
                          .length = length,
                          .count = 1};
    memcpy(o->out, out, length + 1);
}

void report_replay(struct report *r, const struct rl_trace *t)
{
    free(r->replay);
    r->replay = or_die(calloc(t->nevents + 1, sizeof *r->replay));
    r->nreplay = t->nevents;
    for (uint32_t i = 0; i < t->nevents; i++)
        r->replay[i] =
            (struct rx_pick){t->events[i].thread, t->events[i].choice};
}

void report_free(struct report *r)
{
    for (size_t i = 0; i < r->noutcomes; i++) {
        free(r->outcomes[i].end);
        free(r->outcomes[i].out);
    }
    free(r->outcomes);
    free(r->replay);
}

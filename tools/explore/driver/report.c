/*
 * What is collected over the runs of a plan: outcomes.
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
                    size_t length, char *replay)
{
    struct outcome *o;

    for (size_t i = 0; i < r->noutcomes; i++) {
        o = &r->outcomes[i];
        if (o->length == length && !memcmp(o->out, out, length) &&
            !strcmp(o->end, end)) {
            o->count++;
            free(replay);
            return;
        }
    }
    r->outcomes =
        or_die(realloc(r->outcomes, (r->noutcomes + 1) * sizeof *r->outcomes));
    o = &r->outcomes[r->noutcomes++];
    *o = (struct outcome){.end = or_die(strdup(end)),
                          .out = or_die(malloc(length + 1)),
                          .length = length,
                          .replay = replay,
                          .count = 1};
    memcpy(o->out, out, length + 1);
}

void report_free(struct report *r)
{
    for (size_t i = 0; i < r->noutcomes; i++) {
        free(r->outcomes[i].end);
        free(r->outcomes[i].out);
        free(r->outcomes[i].replay);
    }
    free(r->outcomes);
}

/* See result.h. */
#include "result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of an output, in bytes: whole texts are for files. */
enum { MOST_SHOWN = 4000 };

static const char *const assumptions[] = {
    "sc",
    "spurious<=1/thread",
    "weak-cas-fails<=1/thread",
    "early-timer<=1/thread",
    "no-address-reuse",
    "malloc-never-fails",
    "unordered-output",
};

const char *result_verdict(const struct report *r, const struct bag *b,
                           bool proof)
{
    if (bag_has_error(b))
        return "bug";
    if (r->unanswered && !strncmp(r->reason, "unsupported", 11))
        return "unsupported";
    if (r->unanswered || (proof && !r->complete))
        return "bounded";
    return "clean";
}

static int more_often_first(const void *a, const void *b)
{
    const struct outcome *x = a, *y = b;

    if (x->count != y->count)
        return y->count - x->count;
    if (strcmp(x->out, y->out))
        return strcmp(x->out, y->out);
    return strcmp(x->end, y->end);
}

static json_t *number_after(const char *word, const char *end)
{
    size_t n = strlen(word);

    return strncmp(end, word, n) ? json_null()
                                 : json_integer(strtol(end + n, NULL, 10));
}

json_t *result_outcomes(struct report *r, bool tokens)
{
    json_t *list = json_array(), *one;

    qsort(r->outcomes, r->noutcomes, sizeof *r->outcomes, more_often_first);
    for (size_t i = 0; i < r->noutcomes; i++) {
        const struct outcome *o = &r->outcomes[i];

        one = json_pack(
            "{s:i, s:s, s:o}", "count", o->count, "end", o->end, "stdout",
            finding_string(o->out,
                           o->length < MOST_SHOWN ? o->length : MOST_SHOWN));
        if (tokens) {
            json_object_set_new(one, "exit", number_after("exit ", o->end));
            json_object_set_new(one, "signal", number_after("signal ", o->end));
            json_object_set_new(one, "replay",
                                json_string(o->replay ? o->replay : ""));
        }
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *assumes_json(const struct report *r)
{
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof assumptions / sizeof *assumptions; i++)
        if (r->assumes & 1u << i)
            json_array_append_new(list, json_string(assumptions[i]));
    return list;
}

json_t *result_json(struct report *r, const struct bag *b, bool proof)
{
    json_t *o = json_object();

    json_object_set_new(o, "verdict", json_string(result_verdict(r, b, proof)));
    json_object_set_new(o, "complete", json_boolean(r->complete));
    json_object_set_new(o, "assumes", proof ? assumes_json(r) : json_array());
    json_object_set_new(o, "reason",
                        r->reason[0] ? json_string(r->reason) : json_null());
    json_object_set_new(o, "basis", json_string(r->basis));
    json_object_set_new(o, "schedules", json_integer(r->runs));
    json_object_set_new(o, "interleavings",
                        json_integer((json_int_t)r->interleavings));
    json_object_set_new(o, "outcomes", result_outcomes(r, true));
    json_object_set_new(o, "findings", bag_json(b, r->runs));
    return o;
}

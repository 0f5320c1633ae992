/* See result.h. */
#include "result.h"
#include "bag.h"
#include "needs.h"
#include "shorten.h"
#include "token.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of an output, in bytes, in a line of a detector and in the object. */
enum { MOST_SHOWN = 4000, MOST_KEPT = 1 << 20 };

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
    if (r->unanswered || r->cut || (proof && !r->complete))
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

static json_t *signal_of(const char *end)
{
    return strcmp(end, "assert") ? number_after("signal ", end)
                                 : json_integer(SIGABRT);
}

json_t *result_outcomes(struct report *r, bool tokens)
{
    json_t *list = json_array(), *one;

    qsort(r->outcomes, r->noutcomes, sizeof *r->outcomes, more_often_first);
    for (size_t i = 0; i < r->noutcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        size_t most = tokens ? MOST_KEPT : MOST_SHOWN;

        one = json_pack(
            "{s:i, s:s, s:o}", "count", o->count, "end", o->end, "stdout",
            finding_string(o->out, o->length < most ? o->length : most));
        if (tokens) {
            json_object_set_new(one, "exit", number_after("exit ", o->end));
            json_object_set_new(one, "signal", signal_of(o->end));
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

/* Runs the interleaving of the n-th finding, makes it as short as it can be
 * and tells the finding as that run shows it. *needs: what it relied on; null
 * when it cannot be followed any more. False when the server died. */
static bool minimise(struct judge *j, size_t n, json_t **needs)
{
    struct bag *bag = j->bag, *mine;
    struct finding *f = bag_at(bag, n), *short_one;
    bool error = !strcmp(f->severity, "error");
    struct needs found;
    uint32_t most;

    *needs = json_null();
    if (!error || !f->replay)
        return true;
    most = server_shm(j->server)->job.max_steps;
    if (token_read(j->server, j->id, f->replay))
        return true;
    server_shm(j->server)->job.max_steps = most;
    if (!server_run(j->server))
        return false;
    if (server_shm(j->server)->result.end == RX_END_DIVERGED)
        return true;
    j->bag = mine = bag_new();
    judge_run(j);
    if (bag_has(mine, f)) {
        if (!shorten(j, f))
            return false;
        bag_free(mine);
        j->bag = mine = bag_new();
        judge_run(j);
    }
    j->bag = bag;
    found = needs_of(j);
    *needs = needs_json(&found);
    short_one = bag_take(mine, f);
    bag_free(mine);
    if (short_one)
        bag_reword(bag, n, short_one);
    return true;
}

static json_t *thread_json(const struct finding_thread *t)
{
    json_t *o = json_object(), *locks = json_array();

    json_object_set_new(o, "id", json_integer(t->id));
    json_object_set_new(o, "name", finding_cstring(t->role));
    json_object_set_new(o, "op", finding_cstring(t->op));
    json_object_set_new(o, "object", finding_cstring(t->object));
    json_object_set_new(o, "file", finding_cstring(t->file));
    json_object_set_new(o, "line",
                        t->line ? json_integer(t->line) : json_null());
    json_object_set_new(o, "function", finding_cstring(t->function));
    for (size_t i = 0; i < t->nlocks; i++)
        json_array_append_new(locks, finding_cstring(t->locks[i]));
    json_object_set_new(o, "locks", locks);
    return o;
}

static void add_cycle(json_t *o, const struct finding *f)
{
    json_t *list = json_array();

    for (size_t i = 0; i < f->ncycle; i++)
        json_array_append_new(list, json_integer(f->cycle[i]));
    json_object_set_new(o, "cycle", list);
}

static json_t *finding_object(const struct finding *f, json_t *needs, int runs)
{
    json_t *o = json_object(), *threads = json_array();

    json_object_set_new(o, "kind", finding_cstring(f->kind));
    json_object_set_new(o, "severity", finding_cstring(f->severity));
    json_object_set_new(o, "message", finding_cstring(f->message));
    json_object_set_new(o, "variable", finding_cstring(f->variable));
    json_object_set_new(o, "needs", needs);
    json_object_set_new(o, "shows_as", json_array());
    json_object_set_new(o, "replay", finding_cstring(f->replay));
    for (size_t i = 0; i < f->nthreads; i++)
        json_array_append_new(threads, thread_json(&f->threads[i]));
    json_object_set_new(o, "threads", threads);
    add_cycle(o, f);
    json_object_set_new(o, "expected", finding_cstring(f->expected));
    json_object_set_new(o, "got", finding_cstring(f->got));
    json_object_set_new(o, "seen", json_integer(f->seen));
    json_object_set_new(o, "of", json_integer(runs));
    return o;
}

static bool is_error(const struct finding *f)
{
    return !strcmp(f->severity, "error");
}

static bool is_race(const struct finding *f)
{
    return !strcmp(f->kind, "data-race") && is_error(f);
}

/* What was seen only beside a race is how the race shows, no other bug. */
static bool shows_a_race(const struct bag *b, size_t n)
{
    const struct finding *f = bag_at(b, n);

    return bag_only_racy(b, n) && !is_race(f) && is_error(f);
}

static json_t *symptoms(const struct bag *b)
{
    json_t *list = json_array();

    for (size_t i = 0; i < bag_count(b); i++) {
        const struct finding *f = bag_at(b, i);

        if (shows_a_race(b, i))
            json_array_append_new(
                list,
                json_pack("{s:o, s:o, s:o}", "kind", finding_cstring(f->kind),
                          "message", finding_cstring(f->message), "replay",
                          finding_cstring(f->replay)));
    }
    return list;
}

/* Errors first. NULL when the server died. */
static json_t *findings(struct judge *j, int runs)
{
    json_t *errors = json_array(), *notes = json_array(), *needs, *one;
    bool told = false;

    for (size_t i = 0; i < bag_count(j->bag); i++) {
        if (shows_a_race(j->bag, i))
            continue;
        if (!minimise(j, i, &needs))
            return NULL;
        one = finding_object(bag_at(j->bag, i), needs, runs);
        if (!told && is_race(bag_at(j->bag, i))) {
            json_object_set_new(one, "shows_as", symptoms(j->bag));
            told = true;
        }
        json_array_append_new(is_error(bag_at(j->bag, i)) ? errors : notes,
                              one);
    }
    json_array_extend(errors, notes);
    json_decref(notes);
    return errors;
}

json_t *result_json(struct report *r, struct judge *j, bool proof)
{
    json_t *o = json_object(), *list = findings(j, r->runs);

    if (!list)
        return NULL;
    json_object_set_new(o, "verdict",
                        json_string(result_verdict(r, j->bag, proof)));
    json_object_set_new(o, "complete", json_boolean(r->complete));
    json_object_set_new(o, "assumes", proof ? assumes_json(r) : json_array());
    json_object_set_new(o, "reason",
                        r->reason[0] ? json_string(r->reason) : json_null());
    json_object_set_new(o, "basis", json_string(r->basis));
    json_object_set_new(o, "schedules", json_integer(r->runs));
    json_object_set_new(o, "interleavings",
                        json_integer((json_int_t)r->interleavings));
    json_object_set_new(o, "outcomes", result_outcomes(r, true));
    json_object_set_new(o, "findings", list);
    return o;
}

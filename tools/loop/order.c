/*
 * The orders in which ready events can come: all of them, depth first over
 * the choices, first one event a wait and then those that fit together; where
 * they are too many, the rest is drawn. The first order that is wrong is told,
 * with no more departures from the usual one than it needs.
 */
#include "tool.h"

#include <stdlib.h>
#include <string.h>

/* So many orders systematically, and where there are more so many drawn. */
enum { ORDERS = 180, DRAWN = 60, SHRINK = 24 };

struct search {
    struct tool *t;
    struct story s; /* of the last run */
    struct choice path[LOOP_CHOICES];
    int length;
    char mode; /* 's' or 't' */
    bool together, varies;
    struct text first; /* the output in the usual order */
    int done;
};

static char *words(char mode, const struct choice *path, int length)
{
    char *text = malloc((size_t)length * 12 + 8);
    size_t n;

    if (!text)
        exit(70);
    n = (size_t)sprintf(text, "%c ", mode);
    for (int i = 0; i < length; i++)
        n += (size_t)sprintf(text + n, "%d,", path[i].taken);
    return text;
}

static json_t *run(struct search *x, const char *told)
{
    json_t *findings;

    story_free(&x->s);
    findings = tool_run(x->t, told, &x->s);
    x->together |= x->s.together;
    return findings;
}

static json_t *run_path(struct search *x, const struct choice *path, int length)
{
    char *told = words(x->mode, path, length);
    json_t *findings = run(x, told);

    free(told);
    return findings;
}

static int departures(const struct story *s)
{
    int n = 0;

    for (int i = 0; i < s->nchoices; i++)
        n += s->choices[i].taken > 0;
    return n;
}

/* Takes choices back to the usual one, the last first, as long as it stays
 * wrong. The story and the answer are those of the last wrong run. */
static json_t *shrink(struct search *x, json_t *wrong)
{
    struct choice path[LOOP_CHOICES];
    int length = x->s.nchoices;
    int tries = 0;

    memcpy(path, x->s.choices, (size_t)length * sizeof *path);
    for (int i = length; i-- > 0 && tries < SHRINK;) {
        int before = path[i].taken;
        json_t *again;

        if (before == 0)
            continue;
        tries++;
        path[i].taken = 0;
        again = run_path(x, path, length);
        if (!tool_error(again))
            path[i].taken = before;
        json_decref(again);
    }
    json_decref(wrong);
    return run_path(x, path, length);
}

static json_t *steps_of(const struct search *x)
{
    struct finding *f = finding_new("hang", "error", "x");
    json_t *whole;
    json_t *threads;

    finding_message(f, "x");
    story_steps(&x->s, x->t->symbols, f);
    whole = finding_json(f);
    threads = json_incref(json_object_get(whole, "threads"));
    json_decref(whole);
    finding_free(f);
    return threads;
}

static const char *about(const struct search *x, bool usual)
{
    static char text[160];
    int n = departures(&x->s);

    if (usual || n == 0)
        snprintf(text, sizeof text,
                 " That is in the order in which the events became ready%s.",
                 x->mode == 't' ? ", several handed over together" : "");
    else
        snprintf(text, sizeof text,
                 " In the order in which the events became ready it is right; "
                 "%d of them handled early make%s it wrong.",
                 n, n == 1 ? "s" : "");
    return text;
}

/* The findings of the last run, with its events. */
_Noreturn static void found(struct search *x, json_t *findings, bool usual)
{
    char basis[120];
    size_t i;
    json_t *f;

    if (!usual)
        findings = shrink(x, findings);
    json_array_foreach (findings, i, f) {
        json_t *message = json_object_get(f, "message");
        json_t *threads = json_object_get(f, "threads");

        json_object_set_new(
            f, "message",
            json_sprintf("%s%s", json_string_value(message), about(x, usual)));
        if (json_array_size(threads) == 0)
            json_object_set_new(f, "threads", steps_of(x));
        tool_print(json_incref(f));
    }
    snprintf(basis, sizeof basis, "wrong in an order of the events, the %s",
             usual ? "usual one" : "first found");
    if (!usual)
        snprintf(basis, sizeof basis,
                 "wrong in order %d of the events that was tried", x->done);
    tool_end(x->t, "found", basis, NULL);
}

static void tell_variance(struct search *x)
{
    struct finding *f =
        finding_new("nondeterminism", "note", x->t->judging.detector);

    finding_message(f, "The output depends on the order of the events. If "
                       "only one is right, give it with --output.");
    story_steps(&x->s, x->t->symbols, f);
    finding_print(stdout, f);
    finding_free(f);
}

static void judge(struct search *x, json_t *findings, bool usual)
{
    const struct text *out = &x->t->out.text;

    x->done++;
    if (tool_error(findings))
        found(x, findings, usual);
    json_decref(findings);
    if (usual && !x->first.bytes) {
        x->first.bytes = strdup(out->bytes);
        x->first.length = out->length;
    } else if (!x->varies && !x->t->judging.expected &&
               strcmp(x->first.bytes, out->bytes) != 0) {
        x->varies = true;
        tell_variance(x);
    }
}

/* Have the choices that were given been there again? */
static bool same_choices(const struct search *x)
{
    if (x->s.nchoices < x->length)
        return false;
    for (int i = 0; i < x->length; i++) {
        if (x->s.choices[i].places != x->path[i].places ||
            x->s.choices[i].taken != x->path[i].taken)
            return false;
    }
    return true;
}

/* The next order after that of the last run. False: there is none. */
static bool advance(struct search *x)
{
    int i = x->s.nchoices;

    memcpy(x->path, x->s.choices, (size_t)i * sizeof *x->path);
    while (i-- > 0) {
        if (x->path[i].taken + 1 < x->path[i].places) {
            x->path[i].taken++;
            x->length = i + 1;
            return true;
        }
    }
    return false;
}

/* All orders of one mode, or as many as limit. True: all. */
static bool all_orders(struct search *x, char mode, int limit)
{
    x->mode = mode;
    x->length = 0;
    do {
        json_t *findings;

        if (x->done >= limit)
            return false;
        findings = run_path(x, x->path, x->length);
        if (!same_choices(x))
            tool_end(x->t, "no-answer", "no two runs are the same",
                     "with the same events in the same order it asked for "
                     "other events");
        judge(x, findings, x->length == 0);
    } while (advance(x));
    return x->s.nchoices < LOOP_CHOICES;
}

static void drawn_orders(struct search *x, int count)
{
    for (int i = 0; i < count; i++) {
        char told[40];

        x->mode = x->together && i % 2 ? 't' : 's';
        snprintf(told, sizeof told, "%c ~%llu", x->mode,
                 (unsigned long long)x->t->seed + (unsigned)i / 2);
        judge(x, run(x, told), false);
    }
}

_Noreturn void order(struct tool *t)
{
    struct search *x = calloc(1, sizeof *x);
    char basis[120];
    bool all;

    if (!x)
        exit(70);
    x->t = t;
    all = all_orders(x, 's', ORDERS);
    if (all && !x->s.waits)
        tool_end(t, "clean", "no event loop here: it never waits for events",
                 NULL);
    if (all && x->together)
        all = all_orders(x, 't', ORDERS);
    if (!all)
        drawn_orders(x, t->drawn ? t->drawn : DRAWN);
    if (all && x->done == 1)
        snprintf(basis, sizeof basis,
                 "right, and no two events were ready at once");
    else if (all)
        snprintf(basis, sizeof basis, "right in all %d orders of its events",
                 x->done);
    else
        snprintf(basis, sizeof basis,
                 "right in %d orders of its events, of more", x->done);
    tool_end(t, "clean", basis, NULL);
}

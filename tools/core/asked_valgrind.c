/*
 * A run under Helgrind or DRD: what stands in their XML, which they write to
 * the descriptor of findings, beside what the run itself shows. What they
 * cannot know, plain runs with the recorder are asked.
 */
#include "runs.h"

#include "symbols.h"

#include "../valgrind/findings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void keep(struct finding *f, void *arg)
{
    json_array_append_new(arg, finding_json(f));
    finding_free(f);
}

/* SIGTERM at a standstill lets Valgrind finish its XML. */
static json_t *read_xml(struct runs *r, bool hang, struct vg_run *run)
{
    json_t *told = json_array();
    struct vg_translator t = {.symbols = r->symbols,
                              .hang = hang,
                              .emit = keep,
                              .arg = told,
                              .binary = symbols_base(RUN_PROGRAM)};
    int fd = dup(r->findings.fd);
    FILE *in;

    lseek(fd, 0, SEEK_SET);
    in = fdopen(fd, "r");
    if (!in)
        runs_broken(r, "Valgrind's report cannot be read");
    vg_translate_file(in, run, &t, r->binary);
    fclose(in);
    return told;
}

/* A run that ended by itself leaves a whole report, unless Valgrind failed or
 * the program became another one. A run that was stopped may leave less. */
static void check_whole(struct runs *r, int k, const struct run_result *result,
                        const struct vg_run *run)
{
    char *said;

    if (run->finished || (result->end != RUN_EXIT && result->end != RUN_SIGNAL))
        return;
    said = runs_said(r, "^(valgrind|drd|helgrind): |impossible");
    if (said)
        runs_broken(r, "Valgrind failed: %s", said);
    runs_no_answer(r, k, "Valgrind's report is cut",
                   "the program did not stay under Valgrind until its end");
}

static char **plain_command(const struct runs *r)
{
    size_t n = 0;
    char **argv;

    while (r->arguments[n])
        n++;
    argv = calloc(n + 2, sizeof *argv);
    if (!argv)
        exit(70);
    argv[0] = r->plain_inside;
    memcpy(argv + 1, r->arguments, n * sizeof *argv);
    return argv;
}

/* Findings of up to three plain runs: the recorder knows who waits for whom,
 * and which locks keep two orders apart. A new array. */
static json_t *ask_plain(struct runs *r, const char *kinds)
{
    struct run_options o = r->o;
    json_t *found = json_array();
    char error[256];

    if (!r->plain)
        return found;
    o.findings = NULL;
    o.memory = 1024;
    o.program = plain_command(r);
    o.symbols = symbols_open(r->plain, error, sizeof error);
    for (int i = 0; i < 3 && json_array_size(found) == 0; i++) {
        struct run_result result;
        size_t at;
        json_t *f;

        runs_of(r, &o, &result);
        json_array_foreach (result.findings, at, f) {
            if (judge_among(kinds, judge_kind(f)))
                json_array_append(found, f);
        }
        run_close(&o, &result);
    }
    symbols_close(o.symbols);
    free(o.program);
    return found;
}

static bool is(const json_t *finding, const char *kind)
{
    return strcmp(judge_kind(finding), kind) == 0;
}

static void drop_hangs(json_t *findings)
{
    for (size_t i = json_array_size(findings); i-- > 0;) {
        if (is(json_array_get(findings, i), "hang"))
            json_array_remove(findings, i);
    }
}

/* A hang under Valgrind: explained by a plain run that hangs, too, else by
 * where the XML shows the threads. */
static void explain_hang(struct runs *r, json_t *findings, const json_t *told)
{
    json_t *why = ask_plain(r, "deadlock self-deadlock hang lost-wakeup");
    bool plain = json_array_size(why) > 0;
    bool first = true;
    size_t i;
    json_t *f;

    json_array_foreach (plain ? why : told, i, f) {
        if (!plain && !is(f, "hang"))
            continue;
        if (first)
            drop_hangs(findings);
        first = false;
        runs_add(r, findings,
                 runs_noted(f, NULL,
                            plain ? " (Explained from a plain run that hung, "
                                    "too.)"
                                  : " (No plain run hung, so who waits for "
                                    "whom is not known.)"));
    }
    json_decref(why);
}

/* Helgrind knows no gates, and takes a trylock for a lock that waits. */
static bool orders_meet(struct runs *r, const json_t *told)
{
    bool any = false;
    size_t i;
    json_t *f, *found;

    json_array_foreach (told, i, f)
        any = any || is(f, "lock-order");
    if (!any)
        return true;
    found = ask_plain(r, "lock-order deadlock");
    any = json_array_size(found) > 0;
    json_decref(found);
    return any;
}

json_t *asked_valgrind(struct runs *r, int k, struct run_result *result)
{
    struct vg_run run = {.tool = ""};
    json_t *told, *findings, *f;
    bool hang, meet;
    size_t i;

    runs_one(r, k, result);
    hang = result->end == RUN_STANDSTILL;
    told = read_xml(r, hang, &run);
    check_whole(r, k, result, &run);
    findings = judge_run(&r->judging, result, &r->out.text, &r->err.text);
    if (hang)
        explain_hang(r, findings, told);
    meet = orders_meet(r, told);
    json_array_foreach (told, i, f) {
        if (is(f, "hang"))
            continue;
        if (meet || !is(f, "lock-order"))
            runs_add(r, findings, json_incref(f));
        else
            runs_add(r, findings,
                     runs_noted(f, "note",
                                " The recorder of plain runs saw no way to "
                                "get there: a lock held in both places, a "
                                "trylock or a join keeps the two apart, or "
                                "more than four threads would have to meet."));
    }
    json_decref(told);
    return findings;
}

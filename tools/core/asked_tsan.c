/*
 * A run under ThreadSanitizer: what the hook in the program wrote
 * (tools/tsan/report.h), beside what the run itself shows.
 */
#include "runs.h"

#include "finding.h"

#include "../tsan/report.h"
#include "../tsan/reports.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

struct told {
    json_t *findings;
    bool started, ended;
};

static void take_line(struct runs *r, struct told *told, const char *line,
                      size_t length)
{
    json_t *report = json_loadb(line, length, 0, NULL);
    const char *type = json_string_value(json_object_get(report, "type"));
    struct finding *f = NULL;

    if (!type)
        type = "";
    if (strcmp(type, "tsan-start") == 0)
        told->started = true;
    else if (strcmp(type, "tsan-end") == 0)
        told->ended = true;
    else if (strcmp(type, "finding") == 0)
        json_array_append(told->findings, report);
    else if (strcmp(type, "tsan-report") == 0)
        f = tsan_finding(r->symbols, report);
    if (f)
        json_array_append_new(told->findings, finding_json(f));
    finding_free(f);
    json_decref(report);
}

static void read_lines(struct runs *r, struct told *told)
{
    const struct text *t = &r->findings.text;

    *told = (struct told){.findings = json_array()};
    for (size_t at = 0; at < t->length;) {
        const char *end = memchr(t->bytes + at, '\n', t->length - at);
        size_t length = end ? (size_t)(end - t->bytes) - at : t->length - at;

        take_line(r, told, t->bytes + at, length);
        at += length + 1;
    }
}

/* For a program that ThreadSanitizer cannot place in memory otherwise. */
static void cure(struct runs *r)
{
    static struct utsname here;
    size_t n = 0;
    char **argv;

    uname(&here);
    while (r->o.program[n])
        n++;
    argv = calloc(n + 4, sizeof *argv);
    if (!argv)
        exit(70);
    argv[0] = "setarch";
    argv[1] = here.machine;
    argv[2] = "-R";
    memcpy(argv + 3, r->o.program, n * sizeof *argv);
    r->o.program = argv;
    r->cured = "ThreadSanitizer cannot map its memory here as it is: "
               "started with setarch -R";
}

/* A runtime that cannot map its memory says FATAL and ends with a code that
 * a finding has, too. */
static void run_started(struct runs *r, int k, struct run_result *result,
                        struct told *told)
{
    char *said;

    runs_one(r, k, result);
    read_lines(r, told);
    if (!told->started && !r->cured) {
        cure(r);
        run_close(&r->o, result);
        json_decref(told->findings);
        runs_one(r, k, result);
        read_lines(r, told);
    }
    if (told->started)
        return;
    said = runs_said(r, "FATAL");
    runs_broken(r, "ThreadSanitizer does not start here%s%s", said ? ": " : "",
                said ? said : "");
}

static bool any_order(const json_t *findings)
{
    size_t i;
    json_t *f;

    json_array_foreach (findings, i, f) {
        if (strcmp(judge_kind(f), "lock-order") == 0)
            return true;
    }
    return false;
}

/* Its lock-order reports know no gates and no trylock; the recorder's graph
 * of the same run does, and decides. */
static void add_told(struct runs *r, json_t *findings, const json_t *told,
                     const json_t *recorded)
{
    bool known = any_order(recorded);
    size_t i;
    json_t *f;

    json_array_foreach (told, i, f) {
        if (known || strcmp(judge_kind(f), "lock-order") != 0)
            runs_add(r, findings, json_incref(f));
        else
            runs_add(r, findings,
                     runs_noted(f, "note",
                                " The recorder of this run saw no way to get "
                                "there: a lock held in both places, a trylock "
                                "or a join keeps the two apart, or more than "
                                "four threads would have to meet."));
    }
    if (any_order(told))
        return;
    json_array_foreach (recorded, i, f) {
        if (strcmp(judge_kind(f), "lock-order") == 0)
            runs_add(r, findings, json_incref(f));
    }
}

/* A run that ended by exit says so at its end, unless the program closed or
 * exchanged the descriptor: then what was found is not known either. */
static bool silenced(const struct runs *r, const struct run_result *result,
                     const struct told *told)
{
    uint32_t end = r->o.record ? atomic_load(&r->o.record->ended) : 0;

    return result->end == RUN_EXIT && !told->ended && end != RECORD_END_NOW &&
           json_array_size(told->findings) == 0;
}

static void add_silenced(const struct runs *r, json_t *findings)
{
    struct finding *f = finding_new("api-misuse", "error", r->judging.detector);

    finding_message(f, "ThreadSanitizer could not say what it found: the "
                       "program closed or exchanged a descriptor that is not "
                       "its own, or ended past exit and _exit. Leave alone "
                       "what you did not open.");
    runs_add(r, findings, finding_json(f));
    finding_free(f);
}

json_t *asked_tsan(struct runs *r, int k, struct run_result *result)
{
    struct told told;
    json_t *findings;

    run_started(r, k, result, &told);
    findings = judge_run(&r->judging, result, &r->out.text, &r->err.text);
    if (silenced(r, result, &told))
        add_silenced(r, findings);
    add_told(r, findings, told.findings, result->findings);
    json_decref(told.findings);
    return findings;
}

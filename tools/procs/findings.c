/*
 * The runs of a program as findings: how the first process ended and what was
 * printed is judged as any run is; then races, locks that are not made for
 * processes, and children whose end nobody looked at.
 */
#include "findings.h"

#include "../core/finding.h"
#include "../core/symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char detector[] = "processes";

static json_int_t number(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static bool truth(const json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

static const char *string(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));

    return s ? s : "";
}

const char *procs_name(int number, char name[32])
{
    if (number)
        snprintf(name, 32, "child %d", number);
    else
        snprintf(name, 32, "the first process");
    return name;
}

const char *procs_place(struct procs_telling *t, json_int_t pc, char *text,
                        size_t size)
{
    struct symbols_place p = {0};

    if (pc)
        symbols_place(t->symbols, (uint64_t)pc, &p);
    snprintf(text, size, "%s:%d", p.file ? symbols_base(p.file) : "?", p.line);
    return text;
}

void procs_add_thread(struct procs_telling *t, struct finding *f, int number,
                      const char *op, json_int_t pc)
{
    struct symbols_place p = {0};
    struct finding_thread *thread;
    char name[32];

    if (pc)
        symbols_place(t->symbols, (uint64_t)pc, &p);
    thread = finding_add_thread(f, number,
                                number ? procs_name(number, name) : "main", op);
    finding_place(thread, p.file, p.line, p.function);
}

static void add(json_t *findings, struct finding *f)
{
    json_array_append_new(findings, finding_json(f));
    finding_free(f);
}

/* Child numbers differ from run to run; where it is does not. */
static void add_race(struct procs_telling *t, const json_t *note,
                     json_t *findings)
{
    struct finding *f = finding_new("data-race", "error", detector);
    char a[80], b[80], born[80], variable[160];

    procs_place(t, number(note, "a_pc"), a, sizeof a);
    procs_place(t, number(note, "b_pc"), b, sizeof b);
    procs_place(t, number(note, "born"), born, sizeof born);
    snprintf(variable, sizeof variable, "byte %d of the memory mapped at %s",
             (int)number(note, "offset"), born);
    finding_set(&f->variable, variable);
    finding_message(f,
                    "Two processes touch the same shared memory, at least one "
                    "writes, and nothing puts the two in an order: a %s at %s "
                    "and a %s at %s.",
                    string(note, "a_op"), a, string(note, "b_op"), b);
    if (truth(note, "own_lock"))
        finding_message_add(f, " Both hold a lock, but it lies in private "
                               "memory: after fork each process has one of "
                               "its own, and they keep nobody out.");
    procs_add_thread(t, f, (int)number(note, "a"), string(note, "a_op"),
                     number(note, "a_pc"));
    procs_add_thread(t, f, (int)number(note, "b"), string(note, "b_op"),
                     number(note, "b_pc"));
    add(findings, f);
}

static void add_not_shared(struct procs_telling *t, const json_t *note,
                           json_t *findings)
{
    static const char *const what[][2] = {
        {"lock", "PTHREAD_PROCESS_SHARED in its attributes"},
        {"semaphore", "a second argument of sem_init other than 0"},
        {"condition", "PTHREAD_PROCESS_SHARED in its attributes"},
        {"barrier", "PTHREAD_PROCESS_SHARED in its attributes"},
    };
    int kind = (int)number(note, "offset");
    struct finding *f = finding_new("api-misuse", "error", detector);
    char a[80], born[80];

    kind = kind < 0 || kind > 3 ? 0 : kind;
    procs_place(t, number(note, "a_pc"), a, sizeof a);
    procs_place(t, number(note, "born"), born, sizeof born);
    finding_message(f,
                    "Two processes use one %s that was made for the threads "
                    "of one process (%s, in the memory mapped at %s). It may "
                    "seem to work and then keep nobody out, wake nobody or "
                    "end a process with an assertion inside the C library. "
                    "It needs %s.",
                    what[kind][0], a, born, what[kind][1]);
    procs_add_thread(t, f, (int)number(note, "a"), string(note, "a_op"),
                     number(note, "a_pc"));
    procs_add_thread(t, f, (int)number(note, "b"), string(note, "b_op"),
                     number(note, "b_pc"));
    add(findings, f);
}

static void add_not_owner(struct procs_telling *t, const json_t *note,
                          json_t *findings)
{
    struct finding *f = finding_new("bad-unlock", "error", detector);
    char a[80];

    finding_message(f,
                    "A lock is unlocked at %s by a process that does not "
                    "hold it.",
                    procs_place(t, number(note, "a_pc"), a, sizeof a));
    procs_add_thread(t, f, (int)number(note, "a"), "unlock",
                     number(note, "a_pc"));
    add(findings, f);
}

static void add_note(struct procs_telling *t, const json_t *note,
                     json_t *findings)
{
    const char *kind = string(note, "kind");

    if (strcmp(kind, "race") == 0)
        add_race(t, note, findings);
    else if (strcmp(kind, "not-shared") == 0)
        add_not_shared(t, note, findings);
    else if (strcmp(kind, "not-owner") == 0)
        add_not_owner(t, note, findings);
}

/* A child that was ended by a signal is a bug, unless the program sent it;
 * another exit code than 0, or a child that is still there, is told. */
static void add_child(struct procs_telling *t, const json_t *child,
                      json_t *findings)
{
    const char *end = string(child, "end");
    int code = (int)number(child, "code");
    bool looked = truth(child, "looked");
    struct finding *f = NULL;
    char born[80], name[32];

    procs_place(t, number(child, "born"), born, sizeof born);
    if (strcmp(end, "signal") == 0 && !truth(child, "asked")) {
        f = finding_new("crash", "error", detector);
        finding_message(f, "A child forked at %s was ended by %s%s.", born,
                        run_signal_name(code, name, sizeof name),
                        looked ? "" : ", and nobody looked at its status");
    } else if (strcmp(end, "exit") == 0 && code && !looked) {
        f = finding_new("exit-code", "note", detector);
        finding_message(f,
                        "A child forked at %s ended with exit code %d, and "
                        "nobody looked at its status.",
                        born, code);
    } else if (strcmp(end, "left") == 0) {
        f = finding_new("cut-off", "note", detector);
        finding_message(f,
                        "A child forked at %s has not ended when the first "
                        "process ends: what it has yet to do may be "
                        "missing.",
                        born);
    } else if (strcmp(end, "exit") == 0 && !truth(child, "waited")) {
        f = finding_new("thread-leak", "note", detector);
        finding_message(f, "Nobody waits for a child forked at %s.", born);
    }
    if (f)
        add(findings, f);
}

/* The same of two children is one finding. */
static void only_once(json_t *findings)
{
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *a = json_array_get(findings, i);

        for (size_t k = json_array_size(findings) - 1; k > i; k--) {
            const json_t *b = json_array_get(findings, k);

            if (strcmp(string(a, "kind"), string(b, "kind")) == 0 &&
                strcmp(string(a, "message"), string(b, "message")) == 0)
                json_array_remove(findings, k);
        }
    }
}

static int nibble(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static struct text unhex(const char *hex)
{
    struct text t = {.length = strlen(hex) / 2};

    t.bytes = malloc(t.length + 1);
    if (!t.bytes)
        exit(70);
    for (size_t i = 0; i < t.length; i++)
        t.bytes[i] = (char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
    t.bytes[t.length] = '\0';
    return t;
}

/* An example of a process held where that shows an error. */
static void note_example(struct procs_telling *t, const json_t *run,
                         const json_t *findings)
{
    const json_t *hold = json_object_get(run, "hold");
    char at[80], name[32];
    size_t i;
    json_t *f;

    if (!json_is_object(hold) || t->example[0])
        return;
    json_array_foreach (findings, i, f) {
        if (strcmp(string(f, "severity"), "error") == 0)
            snprintf(t->example, sizeof t->example,
                     ", for example with %s held at %s (%s)",
                     procs_name((int)number(hold, "process"), name),
                     procs_place(t, number(hold, "pc"), at, sizeof at),
                     string(hold, "op"));
    }
}

static void take_run(struct procs_telling *t, const json_t *run)
{
    struct run_result result = {.findings = json_array()};
    struct text err = unhex(string(run, "error"));
    const char *end = string(run, "end");
    int output = (int)number(run, "output");
    json_t *findings;
    size_t i;
    json_t *part;

    result.end = strcmp(end, "signal") == 0 ? RUN_SIGNAL : RUN_EXIT;
    result.code = result.signal = (int)number(run, "code");
    output = output < 0 || output > 63 ? 0 : output;
    if (strcmp(end, "standstill") == 0) {
        findings = json_array();
        add(findings, procs_standstill(t, run));
    } else {
        findings = judge_run(&t->judging, &result, &t->outputs[output], &err);
    }
    json_array_foreach (json_object_get(run, "notes"), i, part)
        add_note(t, part, findings);
    json_array_foreach (json_object_get(run, "processes"), i, part) {
        t->forked |= i > 0;
        if (i > 0 && strcmp(end, "standstill") != 0)
            add_child(t, part, findings);
    }
    only_once(findings);
    note_example(t, run, findings);
    if (json_array_size(t->judged) == 0)
        t->alive = (int)number(run, "alive");
    json_array_append_new(t->judged, findings);
    json_decref(result.findings);
    free(err.bytes);
}

static void take_line(struct procs_telling *t, const json_t *line)
{
    const char *type = string(line, "type");
    int n = (int)number(line, "number");

    if (strcmp(type, "run") == 0) {
        take_run(t, line);
    } else if (strcmp(type, "output") == 0 && n >= 0 && n < 64 &&
               !t->outputs[n].bytes) {
        t->outputs[n] = unhex(string(line, "text"));
    } else if (strcmp(type, "end") == 0) {
        t->ended = true;
        t->runs = (int)number(line, "schedules");
        t->of = (int)number(line, "of");
        snprintf(t->refused, sizeof t->refused, "%s", string(line, "refused"));
    }
}

void procs_read(struct procs_telling *t, const struct text *lines)
{
    size_t at = 0;

    while (at < lines->length) {
        const char *start = lines->bytes + at;
        const char *end = memchr(start, '\n', lines->length - at);
        size_t length = end ? (size_t)(end - start) : lines->length - at;
        json_t *line = json_loadb(start, length, 0, NULL);

        if (line)
            take_line(t, line);
        json_decref(line);
        at += length + 1;
    }
}

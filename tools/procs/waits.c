/*
 * A standstill in words: who waits for whom, and the cycle if there is one.
 */
#include "findings.h"

#include "../core/finding.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 24 };

struct waits {
    const json_t *of[MOST]; /* who waits, by number; NULL: does not */
    int cycle[MOST], length;
};

static const char *string(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));

    return s ? s : "";
}

/* Follows what p waits for until a process comes again. */
static bool follow(struct waits *w, int p, int *path, int length)
{
    const json_t *on;
    size_t i;
    json_t *next;

    for (int k = 0; k < length; k++) {
        if (path[k] == p) {
            w->length = length - k;
            memcpy(w->cycle, path + k, (size_t)w->length * sizeof *path);
            return true;
        }
    }
    if (length == MOST || !w->of[p])
        return false;
    path[length++] = p;
    on = json_object_get(w->of[p], "on");
    json_array_foreach (on, i, next) {
        int n = (int)json_integer_value(next);

        /* To wait for oneself explains less than to wait for another. */
        if (n >= 0 && n < MOST && n != p && follow(w, n, path, length))
            return true;
    }
    json_array_foreach (on, i, next) {
        if (json_integer_value(next) == p)
            return follow(w, p, path, length);
    }
    return false;
}

static bool in_cycle(const struct waits *w, int p)
{
    for (int i = 0; i < w->length; i++) {
        if (w->cycle[i] == p)
            return true;
    }
    return false;
}

/* "the first process and child 2" */
static void tell_who(struct finding *f, const json_t *on, int self)
{
    size_t i, n = json_array_size(on);
    json_t *who;
    char name[32];

    json_array_foreach (on, i, who) {
        int p = (int)json_integer_value(who);

        finding_message_add(f, "%s%s",
                            i == 0      ? ""
                            : i + 1 < n ? ", "
                                        : " and ",
                            p == self ? "itself" : procs_name(p, name));
    }
}

static void tell_pipe(struct procs_telling *t, struct finding *f,
                      const json_t *w, int self)
{
    bool reads = strcmp(string(w, "op"), "read") == 0;
    const json_t *on = json_object_get(w, "on");
    char born[80];

    procs_place(t, json_integer_value(json_object_get(w, "born")), born,
                sizeof born);
    if (reads)
        finding_message_add(f, "for bytes or the end of the pipe made at %s",
                            born);
    else
        finding_message_add(f,
                            "to write into the full pipe made at %s "
                            "(4096 bytes here: how many is the system's "
                            "choice)",
                            born);
    if (json_array_size(on) == 0)
        return;
    finding_message_add(f, ", whose %s end is still open in ",
                        reads ? "writing" : "reading");
    tell_who(f, on, self);
}

static void tell_one(struct procs_telling *t, struct finding *f,
                     const json_t *w)
{
    int self = (int)json_integer_value(json_object_get(w, "process"));
    int gone = (int)json_integer_value(json_object_get(w, "gone"));
    json_int_t pc = json_integer_value(json_object_get(w, "pc"));
    const json_t *on = json_object_get(w, "on");
    const char *op = string(w, "op"), *what = string(w, "what");
    char at[80], name[32];

    procs_name(self, name);
    name[0] = (char)toupper((unsigned char)name[0]);
    finding_message_add(f, " %s waits at %s ", name,
                        procs_place(t, pc, at, sizeof at));
    if (strcmp(op, "wait for a process") == 0) {
        finding_message_add(f, "for the end of ");
        tell_who(f, on, self);
    } else if (strcmp(what, "pipe") == 0) {
        tell_pipe(t, f, w, self);
    } else if (strcmp(what, "lock") == 0) {
        finding_message_add(f, "for a lock");
        if (gone >= 0)
            finding_message_add(f, " that %s held when it ended",
                                procs_name(gone, name));
        else if (json_array_size(on)) {
            finding_message_add(f, " held by ");
            tell_who(f, on, self);
        }
    } else if (*what) {
        finding_message_add(f, "for a %s", what);
    } else {
        finding_message_add(f, "in %s", op);
    }
    finding_message_add(f, ".");
    procs_add_thread(t, f, self,
                     strcmp(op, "wait for a process") == 0 ? "wait" : op, pc);
}

struct finding *procs_standstill(struct procs_telling *t, const json_t *run)
{
    struct waits w = {.length = 0};
    struct finding *f;
    const char *kind = "hang";
    int path[MOST];
    size_t i;
    json_t *waiting;

    json_array_foreach (json_object_get(run, "waiting"), i, waiting) {
        json_int_t p = json_integer_value(json_object_get(waiting, "process"));

        if (p >= 0 && p < MOST)
            w.of[p] = waiting;
    }
    for (int p = 0; p < MOST && !w.length; p++)
        follow(&w, p, path, 0);
    if (w.length > 1)
        kind = "deadlock";
    else if (w.length == 1 &&
             strcmp(string(w.of[w.cycle[0]], "what"), "lock") == 0)
        kind = "self-deadlock";
    f = finding_new(kind, "error", t->judging.detector);
    finding_message(f, "No process can go on.");
    for (int k = 0; k < w.length; k++) {
        tell_one(t, f, w.of[w.cycle[k]]);
        finding_add_cycle(f, w.cycle[k]);
    }
    for (int p = 0; p < MOST; p++) {
        if (w.of[p] && !in_cycle(&w, p))
            tell_one(t, f, w.of[p]);
    }
    return f;
}

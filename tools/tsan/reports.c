/*
 * What each report of ThreadSanitizer means for a student: its kind, the
 * threads with their own source lines, the variable and the locks by name,
 * and a sentence. Messages name places and not threads: thread numbers differ
 * from run to run, and one bug must stay one finding.
 */
#include "names.h"

#include <stdio.h>
#include <string.h>

static const char *access_op(const json_t *mop)
{
    if (report_number(mop, "atomic")) {
        return report_number(mop, "write") ? "atomic write" : "atomic read";
    }
    return report_number(mop, "write") ? "write" : "read";
}

static const char *access_verb(const json_t *mop)
{
    if (report_number(mop, "atomic")) {
        return report_number(mop, "write") ? "writes (as an atomic)"
                                           : "reads (as an atomic)";
    }
    return report_number(mop, "write") ? "writes" : "reads";
}

static void say_locks(struct report *r, const struct report_place *one,
                      const struct report_place *two, const char *lock_one,
                      const char *lock_two)
{
    if (lock_one[0] && lock_two[0]) {
        finding_message_add(r->finding,
                            " Line %d holds %s, line %d holds %s: two "
                            "different locks keep nobody out.",
                            one->line, lock_one, two->line, lock_two);
    } else if (lock_one[0] || lock_two[0]) {
        finding_message_add(r->finding, " Only line %d holds a lock (%s).",
                            lock_one[0] ? one->line : two->line,
                            lock_one[0] ? lock_one : lock_two);
    }
}

/* The same two accesses in the same order, whichever came first in the run. */
static bool swapped(const struct report_place *one,
                    const struct report_place *two)
{
    int order = strcmp(one->file, two->file);

    return order > 0 || (order == 0 && one->line > two->line);
}

/* Whether an access was made by free: by name from the hook, or, where the
 * sanitizer is part of the program, by its symbol. */
static bool is_free(const struct report *r, const json_t *mop)
{
    const char *by = json_string_value(json_object_get(mop, "by"));
    const json_t *pc = json_array_get(json_object_get(mop, "trace"), 0);
    struct symbols_place p = {.function = NULL};

    if (!by && pc &&
        symbols_place(r->symbols, (uint64_t)json_integer_value(pc) - 1, &p) &&
        !p.file) {
        by = p.function;
    }
    return by && (strstr(by, "free") || strstr(by, "realloc"));
}

/* Told in the same words whichever came first in the run: it is one bug. */
static bool used_and_freed(struct report *r, const json_t *use,
                           const json_t *gone)
{
    char words[2][NAME], lock[NAME];
    struct report_place at = report_place(r, use),
                        freed = report_place(r, gone);

    report_held(
        r, use,
        report_thread(r, report_number(use, "tid"), access_op(use), &at), lock,
        sizeof(lock));
    report_held(r, gone,
                report_thread(r, report_number(gone, "tid"), "free", &freed),
                lock, sizeof(lock));
    finding_set(&r->finding->kind, "use-after-free");
    finding_message(r->finding,
                    "%s %s memory that %s frees, and nothing makes the free "
                    "come last.",
                    report_words(&at, words[0], sizeof(words[0])),
                    access_verb(use),
                    report_words(&freed, words[1], sizeof(words[1])));
    return true;
}

static bool use_after_free(struct report *r)
{
    const json_t *use = report_member(r, "mops", 0),
                 *gone = report_member(r, "mops", 1);

    return use && gone && used_and_freed(r, use, gone);
}

static bool data_race(struct report *r)
{
    const json_t *a = report_member(r, "mops", 0),
                 *b = report_member(r, "mops", 1);
    char variable[NAME], lock_a[NAME], lock_b[NAME], words[2][NAME];
    struct report_place at_a = report_place(r, a), at_b = report_place(r, b);

    if (!a || !b) {
        return false;
    }
    if (is_free(r, a) || is_free(r, b)) {
        return is_free(r, a) ? used_and_freed(r, b, a)
                             : used_and_freed(r, a, b);
    }
    if (swapped(&at_a, &at_b)) {
        const json_t *mop = a;
        struct report_place place = at_a;

        a = b, b = mop;
        at_a = at_b, at_b = place;
    }
    report_object(r, report_number(a, "at"), report_member(r, "locs", 0),
                  variable, sizeof(variable));
    report_held(r, a,
                report_thread(r, report_number(a, "tid"), access_op(a), &at_a),
                lock_a, sizeof(lock_a));
    report_held(r, b,
                report_thread(r, report_number(b, "tid"), access_op(b), &at_b),
                lock_b, sizeof(lock_b));
    if (variable[0]) {
        finding_set(&r->finding->variable, variable);
    }
    finding_message(
        r->finding, "%s %s %s and %s %s it, and nothing orders the two.",
        report_words(&at_a, words[0], sizeof(words[0])), access_verb(a),
        variable[0] ? variable : "memory",
        report_words(&at_b, words[1], sizeof(words[1])), access_verb(b));
    say_locks(r, &at_a, &at_b, lock_a, lock_b);
    return true;
}

/* One thread of a cycle: it holds a lock, asks for the next one. */
static void add_edge(struct report *r, size_t i, bool first)
{
    size_t n = report_length(r, "mutexes");
    struct report_place asks =
        report_place(r, report_member(r, "stacks", 2 * i));
    struct report_place took =
        report_place(r, report_member(r, "stacks", 2 * i + 1));
    long long tid = json_integer_value(report_member(r, "tids", i));
    char held[NAME], wanted[NAME], text[NAME];
    struct finding_thread *thread;

    report_mutex(r, report_member(r, "mutexes", i), held, sizeof(held));
    report_mutex(r, report_member(r, "mutexes", (i + 1) % n), wanted,
                 sizeof(wanted));
    thread = report_thread(r, tid, "hold", &took);
    finding_set(&thread->object, held);
    thread = report_thread(r, tid, "lock", &asks);
    finding_set(&thread->object, wanted);
    finding_add_lock(thread, held);
    finding_message_add(r->finding, "%s %s takes %s while it holds %s",
                        first ? "" : ";",
                        report_words(&asks, text, sizeof(text)), wanted, held);
}

/*
 * Thread i holds lock i and asks for lock i+1. The report gives two stacks a
 * thread: where it asks, where it took what it holds. The cycle is told from
 * its first place in the source on, whichever thread the run ended it with.
 */
static bool lock_order(struct report *r)
{
    size_t n = report_length(r, "mutexes"), start = 0;

    if (n < 2 || report_length(r, "stacks") < 2 * n ||
        report_length(r, "tids") < n) {
        return false;
    }
    for (size_t i = 1; i < n; i++) {
        struct report_place here =
            report_place(r, report_member(r, "stacks", 2 * i));
        struct report_place best =
            report_place(r, report_member(r, "stacks", 2 * start));

        if (swapped(&best, &here)) {
            start = i;
        }
    }
    finding_message(r->finding, "Locks are taken in opposite orders:");
    for (size_t i = 0; i < n; i++) {
        add_edge(r, (start + i) % n, i == 0);
    }
    finding_message_add(r->finding, n == 2 ? ". At a bad moment each waits for "
                                             "the other."
                                           : ". At a bad moment each waits for "
                                             "the next.");
    return true;
}

static bool thread_leak(struct report *r)
{
    const json_t *thread = report_member(r, "threads", 0);
    struct report_place at = report_place(r, thread);
    char text[NAME];

    if (!thread) {
        return false;
    }
    at.root[0] = '\0';
    report_thread(r, report_number(thread, "tid"), "end", &at);
    finding_message(r->finding,
                    "The thread created in %s was never joined or detached.",
                    report_words(&at, text, sizeof(text)));
    return true;
}

/* Misuse of one lock; SAY stands between the place and the lock's name. */
static bool lock_misuse(struct report *r, const char *op, const char *say)
{
    const json_t *mutex = report_member(r, "mutexes", 0);
    struct report_place at = report_place(r, report_member(r, "stacks", 0));
    struct finding_thread *thread;
    char lock[NAME], text[NAME];

    if (!mutex) {
        return false;
    }
    report_mutex(r, mutex, lock, sizeof(lock));
    thread = report_thread(r, report_number(r->json, "self"), op, &at);
    finding_set(&thread->object, lock);
    finding_set(&r->finding->variable, lock);
    finding_message(r->finding, "%s %s %s.",
                    report_words(&at, text, sizeof(text)), say, lock);
    return true;
}

static bool bad_destroy(struct report *r)
{
    return lock_misuse(r, "destroy", "destroys, while it is locked,");
}

static bool double_lock(struct report *r)
{
    return lock_misuse(r, "lock", "locks, though it already holds it,");
}

static bool invalid_lock(struct report *r)
{
    return lock_misuse(r, "lock",
                       "uses, before its init or after its destroy,");
}

static bool bad_unlock(struct report *r)
{
    return lock_misuse(r, "unlock",
                       "unlocks, though this thread has not locked it,");
}

static bool bad_read_lock(struct report *r)
{
    return lock_misuse(r, "lock", "asks to read under a write lock of");
}

static bool bad_read_unlock(struct report *r)
{
    return lock_misuse(r, "unlock", "ends a read lock that it never took on");
}

static bool signal_unsafe(struct report *r)
{
    struct report_place at = report_place(r, report_member(r, "stacks", 0));
    char text[NAME];

    report_thread(r, report_number(r->json, "self"), "call", &at);
    finding_message(r->finding,
                    "%s calls, in a signal handler, a function that is not "
                    "safe there.",
                    report_words(&at, text, sizeof(text)));
    return true;
}

static bool errno_spoiled(struct report *r)
{
    struct report_place at = report_place(r, report_member(r, "stacks", 0));
    char text[NAME];

    report_thread(r, report_number(r->json, "self"), "call", &at);
    finding_message(r->finding, "A signal handler changes errno: %s.",
                    report_words(&at, text, sizeof(text)));
    return true;
}

static bool other_report(struct report *r)
{
    struct report_place at = report_place(r, report_member(r, "stacks", 0));
    char text[NAME];

    report_thread(r, report_number(r->json, "self"), "call", &at);
    finding_message(r->finding, "ThreadSanitizer reports %s in %s.",
                    json_string_value(json_object_get(r->json, "what")),
                    report_words(&at, text, sizeof(text)));
    return true;
}

static const struct {
    const char *what; /* as the sanitizer names it; a prefix */
    const char *kind, *severity;
    bool (*fill)(struct report *r);
} reports[] = {
    {"data-race", "data-race", "error", data_race},
    {"external-race", "data-race", "error", data_race},
    {"heap-use-after-free", "use-after-free", "error", use_after_free},
    {"lock-order-inversion", "lock-order", "error", lock_order},
    {"thread-leak", "thread-leak", "note", thread_leak},
    {"locked-mutex-destroy", "bad-destroy", "error", bad_destroy},
    {"mutex-double-lock", "self-deadlock", "error", double_lock},
    {"mutex-invalid-access", "api-misuse", "error", invalid_lock},
    {"mutex-bad-unlock", "bad-unlock", "error", bad_unlock},
    {"mutex-bad-read-lock", "api-misuse", "error", bad_read_lock},
    {"mutex-bad-read-unlock", "bad-unlock", "error", bad_read_unlock},
    {"signal-unsafe-call", "api-misuse", "error", signal_unsafe},
    {"errno-in-signal-handler", "api-misuse", "note", errno_spoiled},
    {"", "api-misuse", "error", other_report},
};

struct finding *tsan_finding(struct symbols *symbols, const json_t *report)
{
    const char *what = json_string_value(json_object_get(report, "what"));
    struct report r = {.symbols = symbols, .json = report};
    size_t i = 0;

    if (!what) {
        return NULL;
    }
    while (strncmp(what, reports[i].what, strlen(reports[i].what)) != 0) {
        i++;
    }
    r.finding = finding_new(reports[i].kind, reports[i].severity, "tsan");
    if (!reports[i].fill(&r)) {
        finding_free(r.finding);
        return NULL;
    }
    return r.finding;
}

/*
 * What each report of ThreadSanitizer means for a student: its kind, the
 * threads with their own source lines, the variable and the locks by name,
 * and a sentence. Messages name places and not threads: thread numbers differ
 * from run to run, and one bug must stay one finding.
 */
#include "reports.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct report {
    struct symbols *symbols;
    const json_t *json;
    struct finding *finding;
};

/* A place in the student's source; line 0 if there is none. */
struct place {
    char file[160];
    int line;
    char function[128];
    char root[128]; /* the outermost function: where the thread started */
};

static long long number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static const json_t *member(const struct report *r, const char *list, size_t n)
{
    return json_array_get(json_object_get(r->json, list), n);
}

static size_t length(const struct report *r, const char *list)
{
    return json_array_size(json_object_get(r->json, list));
}

/* Our own code and the system's is linked in too; neither is the student's. */
static bool is_students(const char *file)
{
    static const char *const others[] = {"tools/core/", "tools/tsan/",
                                         "tools/explore/"};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        const char *at = strstr(file, others[i]);

        if (at && (at == file || at[-1] == '/')) {
            return false;
        }
    }
    return strncmp(file, "/usr/", 5) != 0 && strncmp(file, "../", 3) != 0;
}

/* The innermost frame of TRACE that is the student's. */
static struct place find_place(const struct report *r, const json_t *trace)
{
    struct place place = {.line = 0};
    struct symbols_place p;
    const json_t *pc;
    size_t i;

    json_array_foreach (trace, i, pc) {
        /* The sanitizer keeps return addresses. */
        uint64_t at = (uint64_t)json_integer_value(pc) - 1;

        if (!symbols_place(r->symbols, at, &p) || !p.file || p.line <= 0 ||
            !is_students(p.file)) {
            continue;
        }
        if (!place.line) {
            snprintf(place.file, sizeof(place.file), "%s",
                     symbols_base(p.file));
            snprintf(place.function, sizeof(place.function), "%s",
                     p.function ? p.function : "?");
            place.line = p.line;
        }
        snprintf(place.root, sizeof(place.root), "%s",
                 p.function ? p.function : "?");
    }
    return place;
}

static struct place place_of(const struct report *r, const json_t *object)
{
    return find_place(r, json_object_get(object, "trace"));
}

static struct finding_thread *add_thread(struct report *r, long long tid,
                                         const char *op,
                                         const struct place *place)
{
    const char *role = tid == 0 ? "main" : place->root;
    struct finding_thread *thread = finding_add_thread(
        r->finding, tid < 0 ? 0 : (int)tid, *role ? role : NULL, op);

    if (place->line) {
        finding_place(thread, place->file, place->line, place->function);
    }
    return thread;
}

/* "deposit (bank.c:14)", for sentences. */
static const char *in_words(const struct place *place, char *text, size_t size)
{
    if (place->line) {
        snprintf(text, size, "%s (%s:%d)", place->function, place->file,
                 place->line);
    } else {
        snprintf(text, size, "code without source lines");
    }
    return text;
}

/* Where a heap block, a stack or nothing known holds the address. */
static void name_memory(const struct report *r, const json_t *loc, char *name,
                        size_t size)
{
    const char *type = json_string_value(json_object_get(loc, "type"));
    struct place place = place_of(r, loc);

    name[0] = '\0';
    if (type && strcmp(type, "heap") == 0 && place.line) {
        snprintf(name, size, "memory allocated at %s:%d", place.file,
                 place.line);
    } else if (type && strcmp(type, "heap") == 0) {
        snprintf(name, size, "allocated memory");
    } else if (type && strcmp(type, "stack") == 0) {
        snprintf(name, size, "a local variable of %s",
                 number(loc, "tid") == 0 ? "main's thread" : "a thread");
    } else if (type && strcmp(type, "tls") == 0) {
        snprintf(name, size, "a thread-local variable");
    }
}

/* clang splits and lifts objects and calls the parts "acc.0", "heap.body". */
static void drop_parts(char *name)
{
    for (char *at = strchr(name, '.'); at; at = strchr(at + 1, '.')) {
        if ((at[1] >= '0' && at[1] <= '9') || strcmp(at, ".body") == 0 ||
            strncmp(at, ".body.", 6) == 0) {
            *at = '\0';
            return;
        }
    }
}

static void name_object(const struct report *r, long long at, const json_t *loc,
                        char *name, size_t size)
{
    name[0] = '\0';
    if (at <= 0 || !symbols_object(r->symbols, (uint64_t)at, name, size)) {
        name_memory(r, loc, name, size);
        return;
    }
    drop_parts(name);
}

static void name_mutex(const struct report *r, const json_t *mutex, char *name,
                       size_t size)
{
    long long at = number(mutex, "at");
    struct place place = place_of(r, mutex);

    if (at > 0 && symbols_object(r->symbols, (uint64_t)at, name, size)) {
        return;
    }
    if (place.line) {
        snprintf(name, size, "the lock first used at %s:%d", place.file,
                 place.line);
    } else {
        snprintf(name, size, "a lock");
    }
}

static const json_t *mutex_by_id(const struct report *r, long long id)
{
    for (size_t i = 0; i < length(r, "mutexes"); i++) {
        if (number(member(r, "mutexes", i), "id") == id) {
            return member(r, "mutexes", i);
        }
    }
    return NULL;
}

/* Fills the thread's locks; the first one's name, or "", goes to first. */
static void add_held(struct report *r, const json_t *mop,
                     struct finding_thread *thread, char *first, size_t size)
{
    char name[512];
    const json_t *id;
    size_t i;

    first[0] = '\0';
    json_array_foreach (json_object_get(mop, "held"), i, id) {
        const json_t *mutex = mutex_by_id(r, json_integer_value(id));

        if (!mutex) {
            continue;
        }
        name_mutex(r, mutex, name, sizeof(name));
        finding_add_lock(thread, name);
        if (!first[0]) {
            snprintf(first, size, "%s", name);
        }
    }
}

static const char *access_op(const json_t *mop)
{
    if (number(mop, "atomic")) {
        return number(mop, "write") ? "atomic write" : "atomic read";
    }
    return number(mop, "write") ? "write" : "read";
}

static const char *access_verb(const json_t *mop)
{
    if (number(mop, "atomic")) {
        return number(mop, "write") ? "writes (as an atomic)"
                                    : "reads (as an atomic)";
    }
    return number(mop, "write") ? "writes" : "reads";
}

static void say_locks(struct report *r, const struct place *one,
                      const struct place *two, const char *lock_one,
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
static bool swapped(const struct place *one, const struct place *two)
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
    char words[2][512], lock[512];
    struct place at = place_of(r, use), freed = place_of(r, gone);

    add_held(r, use, add_thread(r, number(use, "tid"), access_op(use), &at),
             lock, sizeof(lock));
    add_held(r, gone, add_thread(r, number(gone, "tid"), "free", &freed), lock,
             sizeof(lock));
    finding_set(&r->finding->kind, "use-after-free");
    finding_message(r->finding,
                    "%s %s memory that %s frees, and nothing makes the free "
                    "come last.",
                    in_words(&at, words[0], sizeof(words[0])), access_verb(use),
                    in_words(&freed, words[1], sizeof(words[1])));
    return true;
}

static bool use_after_free(struct report *r)
{
    const json_t *use = member(r, "mops", 0), *gone = member(r, "mops", 1);

    return use && gone && used_and_freed(r, use, gone);
}

static bool data_race(struct report *r)
{
    const json_t *a = member(r, "mops", 0), *b = member(r, "mops", 1);
    char variable[512], lock_a[512], lock_b[512], words[2][512];
    struct place at_a = place_of(r, a), at_b = place_of(r, b);

    if (!a || !b) {
        return false;
    }
    if (is_free(r, a) || is_free(r, b)) {
        return is_free(r, a) ? used_and_freed(r, b, a)
                             : used_and_freed(r, a, b);
    }
    if (swapped(&at_a, &at_b)) {
        const json_t *mop = a;
        struct place place = at_a;

        a = b, b = mop;
        at_a = at_b, at_b = place;
    }
    name_object(r, number(a, "at"), member(r, "locs", 0), variable,
                sizeof(variable));
    add_held(r, a, add_thread(r, number(a, "tid"), access_op(a), &at_a), lock_a,
             sizeof(lock_a));
    add_held(r, b, add_thread(r, number(b, "tid"), access_op(b), &at_b), lock_b,
             sizeof(lock_b));
    if (variable[0]) {
        finding_set(&r->finding->variable, variable);
    }
    finding_message(
        r->finding, "%s %s %s and %s %s it, and nothing orders the two.",
        in_words(&at_a, words[0], sizeof(words[0])), access_verb(a),
        variable[0] ? variable : "memory",
        in_words(&at_b, words[1], sizeof(words[1])), access_verb(b));
    say_locks(r, &at_a, &at_b, lock_a, lock_b);
    return true;
}

/* One thread of a cycle: it holds a lock, asks for the next one. */
static void add_edge(struct report *r, size_t i, bool first)
{
    size_t n = length(r, "mutexes");
    struct place asks = place_of(r, member(r, "stacks", 2 * i));
    struct place took = place_of(r, member(r, "stacks", 2 * i + 1));
    long long tid = json_integer_value(member(r, "tids", i));
    char held[512], wanted[512], text[512];
    struct finding_thread *thread;

    name_mutex(r, member(r, "mutexes", i), held, sizeof(held));
    name_mutex(r, member(r, "mutexes", (i + 1) % n), wanted, sizeof(wanted));
    thread = add_thread(r, tid, "hold", &took);
    finding_set(&thread->object, held);
    thread = add_thread(r, tid, "lock", &asks);
    finding_set(&thread->object, wanted);
    finding_add_lock(thread, held);
    finding_message_add(r->finding, "%s %s takes %s while it holds %s",
                        first ? "" : ";", in_words(&asks, text, sizeof(text)),
                        wanted, held);
}

/*
 * Thread i holds lock i and asks for lock i+1. The report gives two stacks a
 * thread: where it asks, where it took what it holds. The cycle is told from
 * its first place in the source on, whichever thread the run ended it with.
 */
static bool lock_order(struct report *r)
{
    size_t n = length(r, "mutexes"), start = 0;

    if (n < 2 || length(r, "stacks") < 2 * n || length(r, "tids") < n) {
        return false;
    }
    for (size_t i = 1; i < n; i++) {
        struct place here = place_of(r, member(r, "stacks", 2 * i));
        struct place best = place_of(r, member(r, "stacks", 2 * start));

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
    const json_t *thread = member(r, "threads", 0);
    struct place at = place_of(r, thread);
    char text[512];

    if (!thread) {
        return false;
    }
    at.root[0] = '\0';
    add_thread(r, number(thread, "tid"), "end", &at);
    finding_message(r->finding,
                    "The thread created in %s was never joined or detached.",
                    in_words(&at, text, sizeof(text)));
    return true;
}

/* Misuse of one lock; SAY stands between the place and the lock's name. */
static bool lock_misuse(struct report *r, const char *op, const char *say)
{
    const json_t *mutex = member(r, "mutexes", 0);
    struct place at = place_of(r, member(r, "stacks", 0));
    struct finding_thread *thread;
    char lock[512], text[512];

    if (!mutex) {
        return false;
    }
    name_mutex(r, mutex, lock, sizeof(lock));
    thread = add_thread(r, number(r->json, "self"), op, &at);
    finding_set(&thread->object, lock);
    finding_set(&r->finding->variable, lock);
    finding_message(r->finding, "%s %s %s.", in_words(&at, text, sizeof(text)),
                    say, lock);
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
    struct place at = place_of(r, member(r, "stacks", 0));
    char text[512];

    add_thread(r, number(r->json, "self"), "call", &at);
    finding_message(r->finding,
                    "%s calls, in a signal handler, a function that is not "
                    "safe there.",
                    in_words(&at, text, sizeof(text)));
    return true;
}

static bool errno_spoiled(struct report *r)
{
    struct place at = place_of(r, member(r, "stacks", 0));
    char text[512];

    add_thread(r, number(r->json, "self"), "call", &at);
    finding_message(r->finding, "A signal handler changes errno: %s.",
                    in_words(&at, text, sizeof(text)));
    return true;
}

static bool other_report(struct report *r)
{
    struct place at = place_of(r, member(r, "stacks", 0));
    char text[512];

    add_thread(r, number(r->json, "self"), "call", &at);
    finding_message(r->finding, "ThreadSanitizer reports %s in %s.",
                    json_string_value(json_object_get(r->json, "what")),
                    in_words(&at, text, sizeof(text)));
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

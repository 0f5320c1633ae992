/*
 * Why a program stands still, and what it left behind: from the record.
 *
 * A thread waits for a thread when it wants a lock that the other holds or
 * joins it. A cycle of those is a deadlock, whatever else goes on. Without a
 * cycle a standstill is a lost wakeup if the signal came too early (see
 * lost_signal), else it is a hang.
 */
#include "reading.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint32_t op_of(const struct record_thread *t)
{
    return reading_alive(t) ? atomic_load(&t->wait_op) : RECORD_NONE;
}

static bool signalled(const struct reading *v, const struct record_thread *t)
{
    const struct record_object *o = reading_object(v, t->wait_object);

    return o && atomic_load(&o->waiting) >> 32 != 0;
}

/* The lock that t waits for; 0 if it waits for something else. A woken waiter
 * of a condition waits for the mutex. */
static uint64_t wanted_lock(const struct reading *v,
                            const struct record_thread *t)
{
    switch (op_of(t)) {
    case RECORD_LOCK:
    case RECORD_RDLOCK:
    case RECORD_WRLOCK:
    case RECORD_SPIN:
    case RECORD_ONCE:
        return t->wait_object;
    case RECORD_WAIT:
        return signalled(v, t) ? t->wait_mutex : 0;
    default:
        return 0;
    }
}

static const struct record_held *
entry_of(const struct reading *v, const struct record_thread *t, uint64_t lock)
{
    for (uint32_t i = 0; i < reading_held(t); i++) {
        if (t->held[i].object == lock && reading_holds(v, t, &t->held[i]))
            return &t->held[i];
    }
    return NULL;
}

static const struct record_thread *join_target(const struct reading *v,
                                               const struct record_thread *t)
{
    return reading_slot(v, t->wait_target - 1);
}

/* Does t wait for u? */
static bool waits_for(const struct reading *v, const struct record_thread *t,
                      const struct record_thread *u)
{
    uint32_t op = op_of(t);
    uint64_t lock = wanted_lock(v, t);
    const struct record_held *h;

    if (op == RECORD_NONE || t->wait_deadline || t->pid != u->pid)
        return false;
    if (op == RECORD_JOIN)
        return join_target(v, t) == u && reading_alive(u);
    if (!lock)
        return false;
    h = entry_of(v, u, lock);
    return h && !(op == RECORD_RDLOCK && h->shared);
}

/* Extends path (of *n slots) until it comes back to its start. */
static bool find_cycle(const struct reading *v, uint32_t *path, uint32_t *n,
                       bool *seen)
{
    const struct record_thread *last = &v->r->threads[path[*n - 1]];

    for (uint32_t i = 0; i < reading_threads(v); i++) {
        const struct record_thread *u = &v->r->threads[i];

        if (!reading_alive(u) || !waits_for(v, last, u))
            continue;
        if (i == path[0])
            return true;
        if (seen[i])
            continue;
        seen[i] = true;
        path[(*n)++] = i;
        if (find_cycle(v, path, n, seen))
            return true;
        --*n;
    }
    return false;
}

static const char *op_name(uint32_t op)
{
    static const char *const names[] = {
        [RECORD_NONE] = "blocked",  [RECORD_LOCK] = "lock",
        [RECORD_RDLOCK] = "rdlock", [RECORD_WRLOCK] = "wrlock",
        [RECORD_SPIN] = "lock",     [RECORD_WAIT] = "wait",
        [RECORD_SEM] = "sem_wait",  [RECORD_BARRIER] = "barrier",
        [RECORD_JOIN] = "join",     [RECORD_ONCE] = "once",
    };

    return op <= RECORD_ONCE ? names[op] : "blocked";
}

/* "waits for accounts[1].lock at bank.c:31" */
static void add_wait(const struct reading *v, struct finding *f,
                     const struct record_thread *t)
{
    const struct record_object *o = reading_object(v, t->wait_object);
    const struct record_thread *target;
    char name[NAME_SIZE];
    char at[NAME_SIZE];
    uint32_t op = op_of(t);

    reading_at(v, t->wait_pc, t->wait_via, at);
    reading_name(v, t->wait_object, name);
    switch (op) {
    case RECORD_NONE:
        finding_message_add(f, "is blocked outside of a thread call");
        break;
    case RECORD_WAIT:
        if (wanted_lock(v, t)) {
            finding_message_add(f,
                                "was woken on %s at %s and waits for its "
                                "mutex %s",
                                name, at, reading_name(v, t->wait_mutex, name));
            break;
        }
        finding_message_add(f, "waits on the condition %s at %s", name, at);
        break;
    case RECORD_BARRIER:
        finding_message_add(f, "waits at the barrier %s at %s", name, at);
        if (o && o->needed)
            finding_message_add(f, ", where %u of %u have arrived",
                                (uint32_t)atomic_load(&o->waiting), o->needed);
        break;
    case RECORD_JOIN:
        target = join_target(v, t);
        finding_message_add(
            f, "waits for %s to end at %s",
            target ? reading_who(v, target, name) : "another thread", at);
        break;
    case RECORD_SEM:
        finding_message_add(f, "waits for the semaphore %s at %s", name, at);
        break;
    case RECORD_ONCE:
        finding_message_add(f, "waits for the pthread_once %s at %s", name, at);
        break;
    default:
        finding_message_add(f, "waits for %s at %s", name, at);
    }
}

static void add_thread(const struct reading *v, struct finding *f,
                       const struct record_thread *t)
{
    uint32_t op = op_of(t);
    bool named = op != RECORD_NONE && op != RECORD_JOIN;

    reading_add(v, f, t, op_name(op), op ? t->wait_pc : 0,
                named ? t->wait_object : 0);
}

/* The other live threads, after those a finding is about. */
static void add_others(const struct reading *v, struct finding *f,
                       const bool *told)
{
    for (uint32_t i = 0; i < reading_threads(v); i++) {
        const struct record_thread *t = &v->r->threads[i];

        if (!told[i] && reading_alive(t))
            add_thread(v, f, t);
    }
}

static void report_cycle(const struct reading *v, const uint32_t *path,
                         uint32_t n, json_t *findings)
{
    struct finding *f =
        finding_new(n == 1 ? "self-deadlock" : "deadlock", "error", "run");
    static bool told[RECORD_THREADS];
    static struct reading_call calls[RECORD_THREADS];
    char name[NAME_SIZE];
    char at[NAME_SIZE];

    memset(told, 0, sizeof told);
    for (uint32_t i = 0; i < n; i++) {
        const struct record_thread *t = &v->r->threads[path[i]];
        const struct record_thread *before =
            &v->r->threads[path[(i + n - 1) % n]];
        uint64_t held = wanted_lock(v, before);
        const struct record_held *h = held ? entry_of(v, t, held) : NULL;

        told[path[i]] = true;
        finding_message_add(f, "%s%s ", i ? "; " : "",
                            i ? reading_who(v, t, name)
                              : reading_first(v, t, name));
        if (h)
            finding_message_add(f, "holds %s (taken at %s) and ",
                                reading_name(v, held, name),
                                reading_at(v, h->pc, h->via, at));
        add_wait(v, f, t);
        add_thread(v, f, t);
        calls[i] = (struct reading_call){t->wait_pc, t->wait_via};
        finding_add_cycle(f, (int)t->id);
    }
    reading_step_out(v, f, n, calls);
    finding_message_add(f, n == 1 ? ": it waits for itself, for ever."
                                  : ". Each waits for the next, for ever.");
    if (wanted_lock(v, &v->r->threads[path[0]]))
        finding_set(
            &f->variable,
            reading_name(v, wanted_lock(v, &v->r->threads[path[0]]), name));
    add_others(v, f, told);
    reading_report(findings, f);
}

/* Unless all stands still anyway: a cycle seen in passing is one only if
 * each of its threads is still in the same wait a moment later. */
static bool lasts(const struct reading *v, const uint32_t *path, uint32_t n)
{
    const struct timespec moment = {0, 20000000};
    uint64_t *clocks = calloc(n, sizeof *clocks);
    bool same = clocks != NULL;

    for (uint32_t i = 0; same && i < n; i++)
        clocks[i] = v->r->threads[path[i]].wait_clock;
    nanosleep(&moment, NULL);
    for (uint32_t i = 0; same && i < n; i++) {
        const struct record_thread *t = &v->r->threads[path[i]];
        const struct record_thread *next = &v->r->threads[path[(i + 1) % n]];

        same = clocks[i] == t->wait_clock && waits_for(v, t, next);
    }
    free(clocks);
    return same;
}

static bool report_cycles(const struct reading *v, bool still, json_t *findings)
{
    static bool told[RECORD_THREADS];
    static bool seen[RECORD_THREADS];
    static uint32_t path[RECORD_THREADS + 1];
    bool any = false;

    memset(told, 0, sizeof told);
    for (uint32_t i = 0; i < reading_threads(v); i++) {
        uint32_t n = 1;

        if (told[i] || op_of(&v->r->threads[i]) == RECORD_NONE)
            continue;
        memset(seen, 0, sizeof seen);
        path[0] = i;
        if (!find_cycle(v, path, &n, seen) || (!still && !lasts(v, path, n)))
            continue;
        for (uint32_t k = 0; k < n; k++)
            told[path[k]] = true;
        report_cycle(v, path, n, findings);
        any = true;
    }
    return any;
}

/* The signal that t should have had, if it came before t waited: in between
 * its look and its wait, by a thread without the mutex, or before t was the
 * first to take the mutex afterwards. The second is only believed of a
 * condition that has never woken anybody: where it serves several purposes
 * a signal for nobody is an everyday thing. */
static const struct record_object *lost_signal(const struct reading *v,
                                               const struct record_thread *t)
{
    const struct record_object *o;
    uint64_t lost;

    if (op_of(t) != RECORD_WAIT || signalled(v, t))
        return NULL;
    o = reading_object(v, t->wait_object);
    lost = o ? atomic_load(&o->lost_clock) : 0;
    if (!lost || lost > t->wait_clock || reading_slot(v, o->lost_thread) == t ||
        !reading_slot(v, o->lost_thread))
        return NULL;
    if (lost > t->wait_taken)
        return o;
    return lost > t->wait_previous && !atomic_load(&o->woken) ? o : NULL;
}

static void explain_lock(const struct reading *v, struct finding *f,
                         const struct record_thread *t)
{
    uint64_t lock = wanted_lock(v, t);
    char name[NAME_SIZE];
    char at[NAME_SIZE];

    for (uint32_t i = 0; lock && i < reading_threads(v); i++) {
        const struct record_thread *u = &v->r->threads[i];
        const struct record_held *h =
            u->pid == t->pid ? entry_of(v, u, lock) : NULL;

        if (!h)
            continue;
        finding_message_add(
            f,
            reading_alive(u) ? ", which %s has held since %s"
                             : ", which %s took at %s and still held "
                               "when it ended",
            reading_who(v, u, name), reading_at(v, h->pc, h->via, at));
        return;
    }
}

static void explain_condition(const struct reading *v, struct finding *f,
                              const struct record_thread *t)
{
    const struct record_object *lost = lost_signal(v, t);
    const struct record_object *o = reading_object(v, t->wait_object);
    char who[NAME_SIZE];
    char at[NAME_SIZE];

    if (lost) {
        finding_message_add(
            f, "; %s had signalled it at %s before, when nobody waited",
            reading_who(v, reading_slot(v, lost->lost_thread), who),
            reading_at(v, lost->lost_pc, 0, at));
    } else if (op_of(t) == RECORD_WAIT && !signalled(v, t) && o &&
               o->chosen_of > 1) {
        finding_message_add(f,
                            "; the signal at %s woke one of the %u that "
                            "waited",
                            reading_at(v, o->chosen_pc, 0, at), o->chosen_of);
    }
}

static void report_hang(const struct reading *v, json_t *findings)
{
    struct finding *f;
    const struct record_object *lost = NULL;
    char who[NAME_SIZE];
    bool first = true;

    for (uint32_t i = 0; !lost && i < reading_threads(v); i++)
        lost = lost_signal(v, &v->r->threads[i]);
    f = finding_new(lost ? "lost-wakeup" : "hang", "error", "run");
    finding_message(f, "Nothing can go on: ");
    for (uint32_t i = 0; i < reading_threads(v); i++) {
        const struct record_thread *t = &v->r->threads[i];

        if (!reading_alive(t))
            continue;
        finding_message_add(f, "%s%s ", first ? "" : "; ",
                            reading_who(v, t, who));
        first = false;
        add_wait(v, f, t);
        explain_lock(v, f, t);
        explain_condition(v, f, t);
        add_thread(v, f, t);
        if (!f->variable && op_of(t) != RECORD_NONE && op_of(t) != RECORD_JOIN)
            finding_set(&f->variable, reading_name(v, t->wait_object, who));
    }
    finding_message_add(f, ".");
    reading_report(findings, f);
}

/* Locks that a thread took and kept beyond its end. */
static void report_leaks(const struct reading *v, json_t *findings)
{
    char who[NAME_SIZE];
    char name[NAME_SIZE];
    char at[NAME_SIZE];

    for (uint32_t i = 0; i < reading_threads(v); i++) {
        const struct record_thread *t = &v->r->threads[i];

        if (atomic_load(&t->state) != RECORD_ENDED || t->pid != v->r->pid)
            continue;
        for (uint32_t k = 0; k < reading_held(t); k++) {
            const struct record_held *h = &t->held[k];
            struct finding *f;

            if (!reading_holds(v, t, h))
                continue;
            f = finding_new("lock-leak", "error", "run");
            finding_message(f, "%s ended while it held %s, taken at %s.",
                            reading_first(v, t, who),
                            reading_name(v, h->object, name),
                            reading_at(v, h->pc, h->via, at));
            finding_set(&f->variable, name);
            reading_add(v, f, t, "hold", h->pc, h->object);
            reading_report(findings, f);
        }
    }
}

void diagnose_waits(const struct record *r, struct symbols *s, bool still,
                    json_t *findings)
{
    struct reading v = {r, s};

    if (!atomic_load(&r->started))
        return;
    if (!report_cycles(&v, still, findings) && still)
        report_hang(&v, findings);
    if (still)
        report_leaks(&v, findings);
}

static bool leaked(const struct reading *v, const struct record_thread *t)
{
    return t->pid == v->r->pid && !t->is_main && t->start &&
           !atomic_load(&t->joined) &&
           (atomic_load(&t->alive_at_end) ||
            (!atomic_load(&t->detached) &&
             atomic_load(&t->state) == RECORD_ENDED));
}

/* One note for the threads started at one line with one function. */
static void report_threads(const struct reading *v, json_t *findings)
{
    static bool told[RECORD_THREADS];
    uint32_t n = reading_threads(v);

    memset(told, 0, sizeof told);
    for (uint32_t i = 0; i < n; i++) {
        const struct record_thread *t = &v->r->threads[i];
        const char *role;
        char at[NAME_SIZE];
        bool alive = false;
        struct finding *f;

        if (told[i] || !leaked(v, t))
            continue;
        f = finding_new("thread-leak", "note", "run");
        for (uint32_t k = i; k < n; k++) {
            const struct record_thread *u = &v->r->threads[k];

            if (!leaked(v, u) || u->start != t->start ||
                u->create_pc != t->create_pc)
                continue;
            told[k] = true;
            alive = alive || atomic_load(&u->alive_at_end);
            reading_add(v, f, u, "create", u->create_pc, 0);
        }
        role = reading_role(v, t);
        finding_message(f, "%s, started at %s, %s.", role ? role : "A thread",
                        reading_at(v, t->create_pc, 0, at),
                        alive ? "was still running when the program ended"
                              : "had ended and was never joined");
        reading_report(findings, f);
    }
}

void diagnose_end(const struct record *r, struct symbols *s, json_t *findings)
{
    struct reading v = {r, s};

    if (!atomic_load(&r->started) || !atomic_load(&r->ended)) {
        struct finding *f = finding_new("api-misuse", "error", "run");

        finding_message(f, "The program vanished: it ended, but neither "
                           "returned from main nor called exit.");
        reading_report(findings, f);
        return;
    }
    report_leaks(&v, findings);
    report_threads(&v, findings);
}

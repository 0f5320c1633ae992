/*
 * What the runtime noticed while the program ran, put into words; then the
 * rest (standstill.c, outcome.c).
 */
#include "judge.h"

#include "../rt/libc_table.h"
#include "bag.h"
#include "token.h"

#include <stdlib.h>
#include <string.h>

static const char *const kinds[RX_KINDS] = {
    [RX_DATA_RACE] = "data-race",
    [RX_DEADLOCK] = "deadlock",
    [RX_SELF_DEADLOCK] = "self-deadlock",
    [RX_HANG] = "hang",
    [RX_LOST_WAKEUP] = "lost-wakeup",
    [RX_LIVELOCK] = "livelock",
    [RX_LOCK_LEAK] = "lock-leak",
    [RX_BAD_UNLOCK] = "bad-unlock",
    [RX_BAD_DESTROY] = "bad-destroy",
    [RX_USE_AFTER_FREE] = "use-after-free",
    [RX_THREAD_LEAK] = "thread-leak",
    [RX_CUT_OFF] = "cut-off",
    [RX_API_MISUSE] = "api-misuse",
    [RX_ASSERT] = "assert",
    [RX_CRASH] = "crash",
    [RX_WRONG_OUTPUT] = "wrong-output",
    [RX_EXIT_CODE] = "exit-code",
    [RX_NONDETERMINISM] = "nondeterminism",
    [RX_TIMEOUT] = "timeout",
};

static const char *const acts[RX_ACTS] = {
    [RX_READS] = "read",
    [RX_WRITES] = "write",
    [RX_READS_ATOMIC] = "atomic read",
    [RX_WRITES_ATOMIC] = "atomic write",
    [RX_LOCKS] = "lock",
    [RX_UNLOCKS] = "unlock",
    [RX_HOLDS] = "hold",
    [RX_WAITS] = "wait",
    [RX_SIGNALS] = "signal",
    [RX_JOINS] = "join",
    [RX_ENDS] = "end",
    [RX_LIVES] = "alive",
    [RX_FREES] = "free",
    [RX_DESTROYS] = "destroy",
    [RX_CALLS] = "call",
    [RX_EXITS] = "exit",
    [RX_ALLOCATES] = "allocate",
};

const char *judge_kind(enum rx_kind kind)
{
    return kinds[kind];
}

struct finding *judge_new(struct judge *j, enum rx_kind kind, bool note)
{
    return finding_new(kinds[kind], note ? "note" : "error", j->detector);
}

/* The part of a finding that this schedule relied on, as a sentence. */
static void add_needs(struct judge *j, struct finding *f)
{
    const struct rx_result *r = &server_shm(j->server)->result;

    if (r->needs & RX_NEEDS_SLOW)
        finding_message_add(
            f, " (only if the others are slower than the %g ms that %s waits)",
            (double)r->slow_ns / 1e6, names_thread(j->names, r->slow_waiter));
    if (r->needs & RX_NEEDS_SPURIOUS)
        finding_message_add(f, " (with a spurious wakeup)");
    if (r->needs & RX_NEEDS_WEAK_CAS)
        finding_message_add(
            f, " (with a weak compare-exchange that fails for no reason)");
}

void judge_put(struct judge *j, struct finding *f)
{
    add_needs(j, f);
    if (!strcmp(f->severity, "error"))
        j->errors++;
    f = bag_put(j->bag, f, j->run, j->racy);
    if (f) {
        char *token = token_of(j->server, j->id);

        finding_set(&f->replay, token);
        free(token);
    }
}

void judge_put_late(struct judge *j, struct finding *f)
{
    bag_put(j->bag, f, j->run, bag_has_kind(j->bag, "data-race"));
}

void judge_add_locks(struct judge *j, struct finding_thread *t, unsigned thread)
{
    const struct rx_thread *info =
        &server_shm(j->server)->result.thread[thread];

    for (uint32_t i = 0; i < info->nholds; i++)
        finding_add_lock(t, names_object(j->names, info->hold[i].object));
}

struct finding_thread *judge_party(struct judge *j, struct finding *f,
                                   unsigned thread, const char *op, uint64_t pc,
                                   uint32_t object)
{
    struct symbols_place p = names_place(j->names, pc);
    struct finding_thread *t =
        finding_add_thread(f, (int)thread, names_role(j->names, thread), op);

    finding_place(t, p.file, p.line, p.function);
    if (object != RX_NO_OBJECT)
        finding_set(&t->object, names_object(j->names, object));
    return t;
}

static void add_parties(struct judge *j, struct finding *f,
                        const struct rx_finding *x)
{
    for (unsigned i = 0; i < x->nparties; i++) {
        const struct rx_party *p = &x->party[i];
        struct finding_thread *t =
            judge_party(j, f, p->thread, acts[p->act], p->pc, p->object);

        for (unsigned k = 0; k < p->nlocks; k++)
            finding_add_lock(t, names_object(j->names, p->locks[k]));
    }
}

static const char *verb(enum rx_act act)
{
    switch (act) {
    case RX_READS:
        return "reads";
    case RX_WRITES:
        return "writes";
    case RX_READS_ATOMIC:
        return "reads, atomically,";
    case RX_WRITES_ATOMIC:
        return "writes, atomically,";
    case RX_FREES:
        return "frees";
    default:
        return "uses";
    }
}

static void say_race(struct judge *j, struct finding *f,
                     const struct rx_finding *x)
{
    const struct rx_party *a = &x->party[0], *b = &x->party[1];
    const char *name = f->variable ? f->variable : "the same memory";
    const char *instead = NULL;

    if (f->variable && libc_state_words(f->variable, &name, &instead))
        finding_set(&f->variable, name);
    finding_message(f,
                    "%s %s %s at %s and %s %s it at %s, and nothing "
                    "orders the two%s%s",
                    names_thread(j->names, a->thread), verb(a->act), name,
                    names_where(j->names, a->pc),
                    names_thread(j->names, b->thread), verb(b->act),
                    names_where(j->names, b->pc), instead ? "; use " : "",
                    instead ? instead : "");
}

static void say_freed(struct judge *j, struct finding *f,
                      const struct rx_finding *x)
{
    const struct rx_party *a = &x->party[0], *b = &x->party[1];

    finding_message(f, "%s %s memory at %s that %s freed at %s",
                    names_thread(j->names, a->thread),
                    a->act == RX_FREES ? "frees" : verb(a->act),
                    names_where(j->names, a->pc),
                    names_thread(j->names, b->thread),
                    names_where(j->names, b->pc));
}

static void say_model(struct judge *j, struct finding *f,
                      const struct rx_finding *x)
{
    const struct rx_party *a = &x->party[0], *b = &x->party[1];
    const char *who = names_thread(j->names, a->thread);
    const char *what = names_object(j->names, x->object);
    const char *where = names_where(j->names, a->pc);

    switch (x->detail) {
    case RL_BAD_UNLOCK_OTHER:
        finding_message(f, "%s unlocks %s at %s, but %s locked it", who, what,
                        where, names_thread(j->names, b->thread));
        break;
    case RL_BAD_UNLOCK_FREE:
        finding_message(f, "%s unlocks %s at %s, which nobody holds", who, what,
                        where);
        break;
    case RL_BAD_DESTROY_LOCKED:
        finding_message(f, "%s destroys %s at %s while it is locked", who, what,
                        where);
        break;
    case RL_BAD_DESTROY_WAITED:
        finding_message(f, "%s destroys %s at %s while a thread waits on it",
                        who, what, where);
        break;
    case RL_USE_DESTROYED:
        finding_message(f, "%s uses %s at %s after it was destroyed", who, what,
                        where);
        break;
    case RL_INIT_IN_USE:
        finding_message(f, "%s initialises %s at %s while it is in use", who,
                        what, where);
        break;
    case RL_WAIT_UNLOCKED:
        finding_message(f, "%s waits at %s without holding %s", who, where,
                        what);
        break;
    case RL_TWO_MUTEXES:
        finding_message(f,
                        "%s waits on %s at %s with another mutex than the "
                        "waiters before it",
                        who, what, where);
        break;
    case RL_SELF_LOCK:
        finding_message(f, "%s locks %s at %s and holds it already", who, what,
                        where);
        break;
    case RL_SELF_JOIN:
        finding_message(f, "%s joins itself at %s", who, where);
        break;
    case RL_BAD_JOIN:
        finding_message(f,
                        "%s joins or detaches at %s a thread that was "
                        "joined or detached before",
                        who, where);
        break;
    case RL_LOCK_LEAK:
        finding_message(f, "%s ends and still holds %s, locked at %s", who,
                        what, names_where(j->names, b->pc));
        break;
    case RL_LOST_SIGNAL:
        finding_message(f,
                        "the signal on %s at %s found nobody waiting, and "
                        "nobody missed it",
                        what, where);
        break;
    default:
        finding_message(f, "%s uses %s wrongly at %s", who, what, where);
    }
}

static bool ended(const struct judge *j)
{
    return server_shm(j->server)->result.end == RX_END_EXIT;
}

static void judge_noticed(struct judge *j, const struct rx_finding *x)
{
    struct finding *f;

    /* Whether somebody missed it, a standstill tells. */
    if (x->kind == RX_LOST_WAKEUP && (!j->remarks || !ended(j)))
        return;
    f = judge_new(j, x->kind, x->note);
    switch (x->kind) {
    case RX_DATA_RACE:
        finding_set(&f->variable, names_variable(j->names, x->addr, x->alloc_pc,
                                                 x->alloc_offset));
        say_race(j, f, x);
        break;
    case RX_USE_AFTER_FREE:
        finding_set(&f->variable, names_variable(j->names, x->addr, x->alloc_pc,
                                                 x->alloc_offset));
        say_freed(j, f, x);
        break;
    default:
        if (x->object != RX_NO_OBJECT)
            finding_set(&f->variable, names_object(j->names, x->object));
        say_model(j, f, x);
    }
    add_parties(j, f, x);
    judge_put(j, f);
}

void judge_reference(struct judge *j)
{
    const struct rx_result *r = &server_shm(j->server)->result;

    if (r->end != RX_END_EXIT)
        return;
    for (unsigned t = 0; t < RL_THREADS; t++)
        j->outputs[t] = r->thread[t].outputs;
    j->has_outputs = true;
}

bool judge_run(struct judge *j)
{
    const struct rx_result *r = &server_shm(j->server)->result;

    j->run++;
    j->errors = 0;
    j->racy = false;
    for (uint32_t i = 0; i < r->nfindings; i++)
        j->racy |= r->finding[i].kind == RX_DATA_RACE;
    for (uint32_t i = 0; i < r->nfindings; i++)
        judge_noticed(j, &r->finding[i]);
    if (r->end == RX_END_STANDSTILL)
        judge_standstill(j);
    judge_outcome(j);
    return j->errors > 0;
}

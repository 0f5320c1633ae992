/*
 * The table of dependent events, and the few conditions that its rows need.
 * A pair that is missing here would make a proof wrong; one too many only
 * makes it longer.
 */
#include "depend.h"
#include "inside.h"

#include <string.h>

#define M(mode) (1u << (mode))
#define SHARED (M(RL_SHARE) | M(RL_UNSHARE))
#define ANY_LOCK (M(RL_WRITE) | M(RL_ACQUIRE) | M(RL_TRY) | M(RL_RELEASE))

enum when {
    ALWAYS,
    IF_WOKEN,   /* one let the other's thread go on */
    IF_ROUNDS,  /* different rounds of a barrier, or the earlier filled it */
    IF_ROUND,   /* the same round, the same unit */
    IF_HEARD,   /* one of the signals found somebody */
    IF_MUTEXES, /* two mutexes for one condition */
    IF_ORDERED, /* unless output is unordered */
};

struct row {
    uint8_t class;
    uint8_t when;
    uint16_t one, other; /* sets of modes */
    const char *reason;
};

/* Two rows without a class: see special(). */
enum { ROW_BIRTH, ROW_TIME, ROW_FIRST };

static const struct row rows[] = {
    [ROW_BIRTH] = {RL_NO_CLASS, IF_WOKEN, 0, 0,
                   "a thread does nothing before it is created"},
    [ROW_TIME] = {RL_NO_CLASS, ALWAYS, 0, 0,
                  "the clock moves when every thread is blocked: after all "
                  "that came before, before all that comes after"},
    {RL_SPAWN, ALWAYS, M(RL_WRITE), M(RL_WRITE),
     "threads are numbered in the order of their creation"},
    {RL_THREAD, ALWAYS, M(RL_RELEASE), M(RL_ACQUIRE) | M(RL_TRY),
     "a join waits for the end of its thread, a tryjoin asks for it"},
    {RL_THREAD, ALWAYS, M(RL_ACQUIRE) | M(RL_TRY) | M(RL_WRITE),
     M(RL_ACQUIRE) | M(RL_TRY) | M(RL_WRITE),
     "of two joins or detaches one comes too late"},
    {RL_THREAD, ALWAYS, M(RL_WAKE), M(RL_SHARE),
     "a cancellation acts at the next cancellation point"},
    {RL_MUTEX, ALWAYS, ANY_LOCK, ANY_LOCK,
     "critical sections on one mutex have an order, whatever they touch"},
    {RL_COND, ALWAYS, M(RL_WAKE), M(RL_QUEUE),
     "a signal reaches those that wait already, and only those"},
    {RL_COND, IF_MUTEXES, M(RL_QUEUE), M(RL_QUEUE),
     "a condition that some wait for with another mutex is a mistake"},
    {RL_COND, IF_HEARD, M(RL_WAKE), M(RL_WAKE),
     "of two signals the first may leave nobody to the second"},
    {RL_COND, IF_WOKEN, M(RL_WAKE), M(RL_LEAVE),
     "a waiter wakes after the signal that chose it"},
    {RL_COND, ALWAYS, M(RL_WRITE),
     M(RL_WRITE) | M(RL_QUEUE) | M(RL_WAKE) | M(RL_READ),
     "no use of a condition before init or after destroy"},
    {RL_MUTEX, ALWAYS, M(RL_READ), ANY_LOCK,
     "a try that fails, and a loop of them, sees who has the mutex"},
    {RL_RWLOCK, ALWAYS, ANY_LOCK, ANY_LOCK, "writers exclude each other"},
    {RL_RWLOCK, ALWAYS, ANY_LOCK, SHARED, "a writer excludes readers"},
    {RL_RWLOCK, ALWAYS, M(RL_READ), ANY_LOCK | SHARED,
     "a try that fails sees who has the lock"},
    {RL_SPIN, ALWAYS, ANY_LOCK, ANY_LOCK,
     "critical sections on one spin lock have an order"},
    {RL_SPIN, ALWAYS, M(RL_READ), ANY_LOCK,
     "a try that fails sees who has the spin lock"},
    {RL_BARRIER, IF_ROUNDS, M(RL_QUEUE), M(RL_QUEUE),
     "who fills a round decides who is in the next"},
    {RL_BARRIER, IF_ROUND, M(RL_QUEUE), M(RL_LEAVE),
     "nobody leaves a barrier before all have arrived"},
    {RL_BARRIER, IF_WOKEN, M(RL_LEAVE), M(RL_LEAVE),
     "the serial thread is chosen before the others leave"},
    {RL_BARRIER, ALWAYS, M(RL_WRITE), M(RL_WRITE) | M(RL_QUEUE),
     "no use of a barrier before init or after destroy"},
    {RL_SEM, ALWAYS, M(RL_ACQUIRE) | M(RL_TRY), M(RL_ACQUIRE) | M(RL_TRY),
     "the next unit of a semaphore goes to one"},
    {RL_SEM, ALWAYS, M(RL_RELEASE), M(RL_RELEASE), "posts are numbered"},
    {RL_SEM, IF_ROUND, M(RL_RELEASE), M(RL_ACQUIRE),
     "a wait needs the post of its unit"},
    {RL_SEM, ALWAYS, M(RL_RELEASE), M(RL_TRY),
     "a try, and a wait that ends by time, finds a unit or not"},
    {RL_SEM, ALWAYS, M(RL_READ), M(RL_ACQUIRE) | M(RL_TRY) | M(RL_RELEASE),
     "getvalue sees the posts and waits before it"},
    {RL_SEM, ALWAYS, M(RL_WRITE),
     M(RL_WRITE) | M(RL_ACQUIRE) | M(RL_TRY) | M(RL_RELEASE) | M(RL_READ),
     "no use of a semaphore before init or after destroy"},
    {RL_ONCE, ALWAYS, ANY_LOCK, ANY_LOCK,
     "the first to come runs the routine, the others wait for it"},
    {RL_ONCE, ALWAYS, M(RL_READ), ANY_LOCK, "who comes later finds it done"},
    {RL_ATOMIC, ALWAYS, M(RL_WRITE), M(RL_READ),
     "a load sees the stores before it"},
    {RL_ATOMIC, ALWAYS, M(RL_WRITE), M(RL_WRITE),
     "the last store stays, an update works on what it finds"},
    {RL_CLOCK, ALWAYS, M(RL_WRITE), M(RL_WRITE) | M(RL_READ),
     "the clock shows what timers made of it"},
    {RL_STREAM, IF_ORDERED, M(RL_WRITE), M(RL_WRITE),
     "output appears in the order of its calls"},
    {RL_PROCESS, ALWAYS, M(RL_WRITE), M(RL_WRITE) | M(RL_READ),
     "what is not written before the end of the process is lost"},
    {RL_HIDDEN, ALWAYS, M(RL_WRITE), M(RL_WRITE) | M(RL_READ),
     "libc remembers the last call"},
    {RL_MEMORY, ALWAYS, M(RL_WRITE), M(RL_WRITE) | M(RL_READ),
     "plain memory, where a strategy looks at it"},
};

#define NROWS (sizeof rows / sizeof rows[0])

unsigned rl_depend_rows(void)
{
    return NROWS;
}

const char *rl_depend_reason(unsigned row)
{
    return row < NROWS ? rows[row].reason : "";
}

static bool has_row(const struct rl_rules *rules, unsigned row)
{
    return !(rules->removed & RL_BIT(row));
}

/* Modes, as a set, that this event used the ref in: the choice counts. */
static unsigned modes_of(const struct rl_event *e, const struct rl_ref *r)
{
    unsigned choice = e->choice, modes = M(r->mode);

    if (r->class == RL_CLOCK && (e->step.flags & RL_TIMED)) {
        if (choice == RL_TIMEOUT && !e->time_moved)
            return M(RL_READ);
        if (choice == RL_GO || choice == RL_CANCELLED)
            return 0;
        return M(RL_WRITE);
    }
    switch (r->class) {
    case RL_COND:
        break;
    case RL_ATOMIC:
        return e->step.flags & RL_NO_CHANGE ? M(RL_READ) : modes;
    case RL_SEM:
        if (e->step.flags & RL_FAILS)
            return M(RL_READ);
        if (r->mode != RL_ACQUIRE || choice == RL_GO)
            return modes;
        return choice == RL_ANY_CHOICE ? modes | M(RL_TRY) : M(RL_TRY);
    default:
        return e->step.flags & RL_FAILS ? M(RL_READ) : modes;
    }
    if (r->mode == RL_QUEUE && choice == RL_SPURIOUS)
        return M(RL_READ);
    if (r->mode == RL_LEAVE && choice == RL_ANY_CHOICE)
        return M(RL_LEAVE) | M(RL_QUEUE);
    if (r->mode == RL_LEAVE && choice != RL_GO)
        return M(RL_QUEUE);
    return modes;
}

static bool woke(const struct rl_event *a, const struct rl_event *b)
{
    return (a->woke & RL_BIT(b->thread)) || (b->woke & RL_BIT(a->thread));
}

static bool holds(const struct rl_rules *rules, unsigned when,
                  const struct rl_event *a, const struct rl_event *b)
{
    switch (when) {
    case IF_WOKEN:
        return woke(a, b);
    case IF_ROUNDS:
        return a->round != b->round || a->woke;
    case IF_ROUND:
        return a->round == b->round;
    case IF_MUTEXES:
        return a->step.refs[1].key != b->step.refs[1].key;
    case IF_HEARD:
        return a->woke || b->woke;
    case IF_ORDERED:
        return !rules->unordered_output || a->step.op != RL_OUTPUT ||
               b->step.op != RL_OUTPUT;
    default:
        return true;
    }
}

static bool refs_meet(const struct rl_rules *rules, const struct rl_event *a,
                      const struct rl_ref *ra, const struct rl_event *b,
                      const struct rl_ref *rb)
{
    unsigned ma, mb;

    if (ra->class != rb->class || ra->key != rb->key)
        return false;
    ma = modes_of(a, ra);
    mb = modes_of(b, rb);
    for (unsigned i = ROW_FIRST; i < NROWS; i++) {
        const struct row *row = &rows[i];

        if (row->class != ra->class)
            continue;
        if (!((ma & row->one) && (mb & row->other)) &&
            !((ma & row->other) && (mb & row->one)))
            continue;
        if (has_row(rules, i) && holds(rules, row->when, a, b))
            return true;
    }
    return false;
}

/* Is b a step of the thread that a creates, or one that names it? */
static bool of_child(const struct rl_event *a, const struct rl_event *b)
{
    if (a->step.op != RL_CREATE || !a->woke)
        return false;
    if (a->woke & RL_BIT(b->thread))
        return true;
    for (unsigned i = 0; i < b->step.nrefs; i++)
        if (b->step.refs[i].class == RL_THREAD &&
            a->woke == RL_BIT(b->step.refs[i].key))
            return true;
    return false;
}

static bool special(const struct rl_rules *rules, const struct rl_event *a,
                    const struct rl_event *b)
{
    if ((a->time_moved || b->time_moved) && has_row(rules, ROW_TIME))
        return true;
    return (of_child(a, b) || of_child(b, a)) && has_row(rules, ROW_BIRTH);
}

bool rl_dependent(const struct rl_rules *rules, const struct rl_event *a,
                  const struct rl_event *b)
{
    if (a->thread == b->thread || special(rules, a, b))
        return true;
    for (unsigned i = 0; i < a->step.nrefs; i++)
        for (unsigned j = 0; j < b->step.nrefs; j++)
            if (refs_meet(rules, a, &a->step.refs[i], b, &b->step.refs[j]))
                return true;
    return false;
}

bool rl_conflict(const struct rl_rules *rules, const struct rl_event *a,
                 const struct rl_event *b)
{
    return rl_dependent(rules, a, b) || rl_dependent(rules, b, a);
}

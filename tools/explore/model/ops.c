/*
 * The table of operations: a name, how it uses the objects it is given, the
 * model that knows it.
 */
#include "inside.h"

#define ROW(op, name, mode0, mode1, model)                                     \
    [op] = {name, {mode0, mode1}, rl_##model##_choices, rl_##model##_apply}

const struct rl_row rl_rows[RL_OPS] = {
    ROW(RL_NONE, "nothing", 0, 0, thread),
    ROW(RL_CREATE, "create", RL_WRITE, 0, thread),
    ROW(RL_START, "start", 0, 0, thread),
    ROW(RL_END, "end", RL_RELEASE, 0, thread),
    ROW(RL_JOIN, "join", RL_ACQUIRE, 0, thread),
    ROW(RL_TRYJOIN, "tryjoin", RL_TRY, 0, thread),
    ROW(RL_DETACH, "detach", RL_WRITE, 0, thread),
    ROW(RL_CANCEL, "cancel", RL_WAKE, 0, thread),
    ROW(RL_TEST_CANCEL, "testcancel", 0, 0, thread),
    ROW(RL_YIELD, "yield", 0, 0, thread),
    ROW(RL_ABANDON, "leave robust mutex", RL_RELEASE, 0, mutex),
    ROW(RL_MUTEX_INIT, "mutex init", RL_WRITE, 0, mutex),
    ROW(RL_MUTEX_DESTROY, "mutex destroy", RL_WRITE, 0, mutex),
    ROW(RL_MUTEX_LOCK, "lock", RL_ACQUIRE, 0, mutex),
    ROW(RL_MUTEX_TRYLOCK, "trylock", RL_TRY, 0, mutex),
    ROW(RL_MUTEX_TIMEDLOCK, "timedlock", RL_ACQUIRE, 0, mutex),
    ROW(RL_MUTEX_UNLOCK, "unlock", RL_RELEASE, 0, mutex),
    ROW(RL_MUTEX_CONSISTENT, "mutex consistent", RL_WRITE, 0, mutex),
    ROW(RL_COND_INIT, "cond init", RL_WRITE, 0, cond),
    ROW(RL_COND_DESTROY, "cond destroy", RL_WRITE, 0, cond),
    ROW(RL_COND_WAIT, "wait", RL_QUEUE, RL_RELEASE, cond),
    ROW(RL_COND_TIMEDWAIT, "timedwait", RL_QUEUE, RL_RELEASE, cond),
    ROW(RL_COND_WAKE, "wake", RL_LEAVE, RL_CARRY, cond),
    ROW(RL_COND_RELOCK, "relock", RL_ACQUIRE, 0, cond),
    ROW(RL_COND_SIGNAL, "signal", RL_WAKE, 0, cond),
    ROW(RL_COND_BROADCAST, "broadcast", RL_WAKE, 0, cond),
    ROW(RL_RW_INIT, "rwlock init", RL_WRITE, 0, rwlock),
    ROW(RL_RW_DESTROY, "rwlock destroy", RL_WRITE, 0, rwlock),
    ROW(RL_RW_RDLOCK, "rdlock", RL_SHARE, 0, rwlock),
    ROW(RL_RW_TRYRDLOCK, "tryrdlock", RL_SHARE, 0, rwlock),
    ROW(RL_RW_TIMEDRDLOCK, "timedrdlock", RL_SHARE, 0, rwlock),
    ROW(RL_RW_WRLOCK, "wrlock", RL_ACQUIRE, 0, rwlock),
    ROW(RL_RW_TRYWRLOCK, "trywrlock", RL_TRY, 0, rwlock),
    ROW(RL_RW_TIMEDWRLOCK, "timedwrlock", RL_ACQUIRE, 0, rwlock),
    ROW(RL_RW_UNLOCK, "rwlock unlock", RL_RELEASE, 0, rwlock),
    ROW(RL_SPIN_INIT, "spin init", RL_WRITE, 0, spin),
    ROW(RL_SPIN_DESTROY, "spin destroy", RL_WRITE, 0, spin),
    ROW(RL_SPIN_LOCK, "spin lock", RL_ACQUIRE, 0, spin),
    ROW(RL_SPIN_TRYLOCK, "spin trylock", RL_TRY, 0, spin),
    ROW(RL_SPIN_UNLOCK, "spin unlock", RL_RELEASE, 0, spin),
    ROW(RL_BARRIER_INIT, "barrier init", RL_WRITE, 0, barrier),
    ROW(RL_BARRIER_DESTROY, "barrier destroy", RL_WRITE, 0, barrier),
    ROW(RL_BARRIER_ARRIVE, "barrier arrive", RL_QUEUE, 0, barrier),
    ROW(RL_BARRIER_LEAVE, "barrier leave", RL_LEAVE, 0, barrier),
    ROW(RL_SEM_INIT, "sem init", RL_WRITE, 0, sem),
    ROW(RL_SEM_DESTROY, "sem destroy", RL_WRITE, 0, sem),
    ROW(RL_SEM_WAIT, "sem wait", RL_ACQUIRE, 0, sem),
    ROW(RL_SEM_TRYWAIT, "sem trywait", RL_TRY, 0, sem),
    ROW(RL_SEM_TIMEDWAIT, "sem timedwait", RL_ACQUIRE, 0, sem),
    ROW(RL_SEM_POST, "sem post", RL_RELEASE, 0, sem),
    ROW(RL_SEM_GETVALUE, "sem getvalue", RL_READ, 0, sem),
    ROW(RL_ONCE_ENTER, "once", RL_ACQUIRE, 0, once),
    ROW(RL_ONCE_DONE, "once done", RL_RELEASE, 0, once),
    ROW(RL_ONCE_RESET, "once reset", RL_RELEASE, 0, once),
    ROW(RL_ATOMIC_LOAD, "atomic load", RL_READ, 0, atomic),
    ROW(RL_ATOMIC_STORE, "atomic store", RL_WRITE, 0, atomic),
    ROW(RL_ATOMIC_RMW, "atomic update", RL_WRITE, 0, atomic),
    ROW(RL_ATOMIC_CAS, "compare-exchange", RL_WRITE, 0, atomic),
    ROW(RL_ATOMIC_CAS_WEAK, "weak compare-exchange", RL_WRITE, 0, atomic),
    ROW(RL_FENCE, "fence", 0, 0, atomic),
    ROW(RL_CLOCK_READ, "clock read", RL_READ, 0, time),
    ROW(RL_SLEEP, "sleep", RL_READ, 0, time),
    ROW(RL_SLEEP_WAKE, "wake from sleep", RL_WRITE, 0, time),
    ROW(RL_OUTPUT, "output", RL_WRITE, 0, process),
    ROW(RL_INPUT, "input", RL_WRITE, 0, process),
    ROW(RL_LIBC_READ, "libc state read", RL_READ, RL_READ, atomic),
    ROW(RL_LIBC_WRITE, "libc state write", RL_WRITE, RL_WRITE, atomic),
    ROW(RL_EXIT, "exit", RL_WRITE, 0, process),
    ROW(RL_PLAIN_READ, "read", RL_READ, RL_READ, atomic),
    ROW(RL_PLAIN_WRITE, "write", RL_WRITE, RL_WRITE, atomic),
    ROW(RL_PARK, "wait for a change", RL_READ, RL_READ, atomic),
};

static const char *const class_names[RL_CLASSES] = {
    [RL_NO_CLASS] = "nothing", [RL_THREAD] = "thread",   [RL_SPAWN] = "threads",
    [RL_MUTEX] = "mutex",      [RL_COND] = "condition",  [RL_RWLOCK] = "rwlock",
    [RL_SPIN] = "spin lock",   [RL_BARRIER] = "barrier", [RL_SEM] = "semaphore",
    [RL_ONCE] = "once",        [RL_ATOMIC] = "atomic",   [RL_CLOCK] = "clock",
    [RL_STREAM] = "stream",    [RL_PROCESS] = "process", [RL_HIDDEN] = "libc",
    [RL_MEMORY] = "memory",
};

static const char *const choice_names[] = {
    [RL_GO] = "",
    [RL_TIMEOUT] = "time is up",
    [RL_EARLY] = "time is up early",
    [RL_SPURIOUS] = "spurious wakeup",
    [RL_WEAK_FAIL] = "fails though equal",
    [RL_CANCELLED] = "cancelled",
};

static const char *const finding_names[] = {
    [RL_FINE] = "nothing",
    [RL_BAD_UNLOCK_OTHER] = "unlocked by a thread that does not own it",
    [RL_BAD_UNLOCK_FREE] = "unlocked while nobody owns it",
    [RL_BAD_DESTROY_LOCKED] = "destroyed while locked",
    [RL_BAD_DESTROY_WAITED] = "destroyed while a thread waits in it",
    [RL_USE_DESTROYED] = "used after it was destroyed",
    [RL_INIT_IN_USE] = "initialised again while in use",
    [RL_WAIT_UNLOCKED] = "wait without owning the mutex",
    [RL_TWO_MUTEXES] = "one condition, two mutexes at a time",
    [RL_SELF_LOCK] = "locked again by the thread that owns it",
    [RL_SELF_JOIN] = "a thread joins itself",
    [RL_BAD_JOIN] = "joined or detached a second time",
    [RL_LOCK_LEAK] = "a thread ends and holds a lock",
    [RL_LOST_SIGNAL] = "signal found nobody waiting",
    [RL_OWNER_DIED] = "a robust mutex whose owner had ended",
    [RL_TOO_MANY] = "more threads, objects or locks than are modelled",
};

const char *rl_op_name(enum rl_op op)
{
    return op < RL_OPS ? rl_rows[op].name : "unknown";
}

const char *rl_class_name(enum rl_class class)
{
    return class < RL_CLASSES ? class_names[class] : "unknown";
}

const char *rl_choice_name(enum rl_op op, unsigned choice)
{
    if (op == RL_COND_SIGNAL)
        return choice == RL_NOBODY ? "nobody waits" : "wakes one";
    if (op == RL_BARRIER_LEAVE)
        return "";
    if (choice < sizeof choice_names / sizeof choice_names[0])
        return choice_names[choice];
    return "unknown";
}

const char *rl_finding_name(enum rl_finding_kind kind)
{
    if (kind < sizeof finding_names / sizeof finding_names[0])
        return finding_names[kind];
    return "unknown";
}

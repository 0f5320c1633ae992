/*
 * Mutexes, read-write locks and spin locks, as the program calls them.
 */
#include "recorder.h"

#include <errno.h>

int __real_pthread_mutex_init(pthread_mutex_t *, const pthread_mutexattr_t *);
int __real_pthread_mutex_destroy(pthread_mutex_t *);
int __real_pthread_mutex_lock(pthread_mutex_t *);
int __real_pthread_mutex_trylock(pthread_mutex_t *);
int __real_pthread_mutex_timedlock(pthread_mutex_t *, const struct timespec *);
int __real_pthread_mutex_clocklock(pthread_mutex_t *, clockid_t,
                                   const struct timespec *);
int __real_pthread_mutex_unlock(pthread_mutex_t *);

/* EOWNERDEAD is a robust mutex that was taken all the same. */
static void note(struct record_thread *t, int err, const void *lock,
                 enum record_kind kind, bool shared, enum rl_taking how,
                 uintptr_t pc)
{
    if (err == 0 || (err == EOWNERDEAD && kind == RECORD_MUTEX))
        rl_taken(t, lock, kind, shared, how, pc);
}

int __wrap_pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *a)
{
    int err;

    rl_enter(PC);
    rl_forget(m, RECORD_MUTEX);
    err = __real_pthread_mutex_init(m, a);
    rl_leave();
    return err;
}

int __wrap_pthread_mutex_destroy(pthread_mutex_t *m)
{
    int err;

    rl_enter(PC);
    err = __real_pthread_mutex_destroy(m);
    if (!err)
        rl_forget(m, RECORD_MUTEX);
    rl_leave();
    return err;
}

int rl_mutex_lock(pthread_mutex_t *m, uintptr_t pc)
{
    struct record_thread *t = rl_enter(pc);
    int err;

    rl_wait_begin(t, RECORD_LOCK, m, pc, false);
    err = __real_pthread_mutex_lock(m);
    rl_wait_end(t);
    note(t, err, m, RECORD_MUTEX, false, RL_BLOCKING, pc);
    rl_leave();
    return err;
}

int rl_mutex_trylock(pthread_mutex_t *m, uintptr_t pc)
{
    struct record_thread *t = rl_enter(pc);
    int err = __real_pthread_mutex_trylock(m);

    note(t, err, m, RECORD_MUTEX, false, RL_TRYING, pc);
    rl_leave();
    return err;
}

int rl_mutex_timedlock(pthread_mutex_t *m, const struct timespec *until,
                       uintptr_t pc)
{
    struct record_thread *t = rl_enter(pc);
    int err;

    rl_wait_begin(t, RECORD_LOCK, m, pc, true);
    err = __real_pthread_mutex_timedlock(m, until);
    rl_wait_end(t);
    note(t, err, m, RECORD_MUTEX, false, RL_TRYING, pc);
    rl_leave();
    return err;
}

int rl_mutex_unlock(pthread_mutex_t *m, uintptr_t pc)
{
    struct record_thread *t = rl_enter(pc);
    int err;

    rl_released(t, m);
    err = __real_pthread_mutex_unlock(m);
    rl_leave();
    return err;
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *m)
{
    return rl_mutex_lock(m, PC);
}

int __wrap_pthread_mutex_trylock(pthread_mutex_t *m)
{
    return rl_mutex_trylock(m, PC);
}

int __wrap_pthread_mutex_timedlock(pthread_mutex_t *m,
                                   const struct timespec *until)
{
    return rl_mutex_timedlock(m, until, PC);
}

int __wrap_pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock,
                                   const struct timespec *until)
{
    uintptr_t pc = PC;
    struct record_thread *t = rl_enter(pc);
    int err;

    rl_wait_begin(t, RECORD_LOCK, m, pc, true);
    err = __real_pthread_mutex_clocklock(m, clock, until);
    rl_wait_end(t);
    note(t, err, m, RECORD_MUTEX, false, RL_TRYING, pc);
    rl_leave();
    return err;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *m)
{
    return rl_mutex_unlock(m, PC);
}

/* Defines the wrap of one way to take lock l. */
#define TAKE(name, op, kind, shared, deadline, how, parameters, ...)           \
    int __real_##name parameters;                                              \
    int __wrap_##name parameters;                                              \
    int __wrap_##name parameters                                               \
    {                                                                          \
        uintptr_t pc = PC;                                                     \
        struct record_thread *t = rl_enter(pc);                                \
        int err;                                                               \
                                                                               \
        if (op != RECORD_NONE)                                                 \
            rl_wait_begin(t, op, (const void *)l, pc, deadline);               \
        err = __real_##name(__VA_ARGS__);                                      \
        rl_wait_end(t);                                                        \
        note(t, err, (const void *)l, kind, shared, how, pc);                  \
        rl_leave();                                                            \
        return err;                                                            \
    }

typedef const struct timespec *until_t;

TAKE(pthread_rwlock_rdlock, RECORD_RDLOCK, RECORD_RWLOCK, true, false,
     RL_BLOCKING, (pthread_rwlock_t * l), l)
TAKE(pthread_rwlock_wrlock, RECORD_WRLOCK, RECORD_RWLOCK, false, false,
     RL_BLOCKING, (pthread_rwlock_t * l), l)
TAKE(pthread_rwlock_tryrdlock, RECORD_NONE, RECORD_RWLOCK, true, false,
     RL_TRYING, (pthread_rwlock_t * l), l)
TAKE(pthread_rwlock_trywrlock, RECORD_NONE, RECORD_RWLOCK, false, false,
     RL_TRYING, (pthread_rwlock_t * l), l)
TAKE(pthread_rwlock_timedrdlock, RECORD_RDLOCK, RECORD_RWLOCK, true, true,
     RL_TRYING, (pthread_rwlock_t * l, until_t until), l, until)
TAKE(pthread_rwlock_timedwrlock, RECORD_WRLOCK, RECORD_RWLOCK, false, true,
     RL_TRYING, (pthread_rwlock_t * l, until_t until), l, until)
TAKE(pthread_rwlock_clockrdlock, RECORD_RDLOCK, RECORD_RWLOCK, true, true,
     RL_TRYING, (pthread_rwlock_t * l, clockid_t clock, until_t until), l,
     clock, until)
TAKE(pthread_rwlock_clockwrlock, RECORD_WRLOCK, RECORD_RWLOCK, false, true,
     RL_TRYING, (pthread_rwlock_t * l, clockid_t clock, until_t until), l,
     clock, until)
TAKE(pthread_spin_lock, RECORD_SPIN, RECORD_SPINLOCK, false, false, RL_BLOCKING,
     (pthread_spinlock_t * l), l)
TAKE(pthread_spin_trylock, RECORD_NONE, RECORD_SPINLOCK, false, false,
     RL_TRYING, (pthread_spinlock_t * l), l)

/* Defines the wrap of a call that initialises, destroys or unlocks l. */
#define CHANGE(name, before, after, parameters, ...)                           \
    int __real_##name parameters;                                              \
    int __wrap_##name parameters;                                              \
    int __wrap_##name parameters                                               \
    {                                                                          \
        struct record_thread *t = rl_enter(PC);                                \
        int err;                                                               \
                                                                               \
        (void)t;                                                               \
        before;                                                                \
        err = __real_##name(__VA_ARGS__);                                      \
        if (!err) {                                                            \
            after;                                                             \
        }                                                                      \
        rl_leave();                                                            \
        return err;                                                            \
    }

#define NOTHING (void)0
#define LOCK ((const void *)l)

CHANGE(pthread_rwlock_init, rl_forget(LOCK, RECORD_RWLOCK), NOTHING,
       (pthread_rwlock_t * l, const pthread_rwlockattr_t *a), l, a)
CHANGE(pthread_rwlock_destroy, NOTHING, rl_forget(LOCK, RECORD_RWLOCK),
       (pthread_rwlock_t * l), l)
CHANGE(pthread_rwlock_unlock, rl_released(t, LOCK), NOTHING,
       (pthread_rwlock_t * l), l)
CHANGE(pthread_spin_init, rl_forget(LOCK, RECORD_SPINLOCK), NOTHING,
       (pthread_spinlock_t * l, int shared), l, shared)
CHANGE(pthread_spin_destroy, NOTHING, rl_forget(LOCK, RECORD_SPINLOCK),
       (pthread_spinlock_t * l), l)
CHANGE(pthread_spin_unlock, rl_released(t, LOCK), NOTHING,
       (pthread_spinlock_t * l), l)

// Read-write locks. Who goes first when readers and writers wait is open,
// unless the attribute asks for writers.
#include "rt.h"

int __real_pthread_rwlock_init(pthread_rwlock_t *,
                               const pthread_rwlockattr_t *);

static int rwlock(enum rl_op op, pthread_rwlock_t *l, int64_t arg, uintptr_t pc)
{
    bool writers =
        l->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;

    return rt_step(op, RL_RWLOCK, l, writers ? RL_PREFER_WRITER : 0, arg, 0,
                   pc);
}

int __wrap_pthread_rwlock_init(pthread_rwlock_t *l,
                               const pthread_rwlockattr_t *attr);
int __wrap_pthread_rwlock_init(pthread_rwlock_t *l,
                               const pthread_rwlockattr_t *attr)
{
    int err = __real_pthread_rwlock_init(l, attr);

    if (!err)
        rwlock(RL_RW_INIT, l, 0, RT_CALLER);
    return err;
}

#define RWLOCK(name, op)                                                       \
    int __wrap_pthread_rwlock_##name(pthread_rwlock_t *l);                     \
    int __wrap_pthread_rwlock_##name(pthread_rwlock_t *l)                      \
    {                                                                          \
        return rwlock(op, l, 0, RT_CALLER);                                    \
    }

RWLOCK(destroy, RL_RW_DESTROY)
RWLOCK(rdlock, RL_RW_RDLOCK)
RWLOCK(tryrdlock, RL_RW_TRYRDLOCK)
RWLOCK(wrlock, RL_RW_WRLOCK)
RWLOCK(trywrlock, RL_RW_TRYWRLOCK)
RWLOCK(unlock, RL_RW_UNLOCK)

#define TIMED(name, op)                                                        \
    int __wrap_pthread_rwlock_timed##name(pthread_rwlock_t *l,                 \
                                          const struct timespec *until);       \
    int __wrap_pthread_rwlock_timed##name(pthread_rwlock_t *l,                 \
                                          const struct timespec *until)        \
    {                                                                          \
        return rwlock(op, l, rt_deadline(CLOCK_REALTIME, until, RT_CALLER),    \
                      RT_CALLER);                                              \
    }                                                                          \
    int __wrap_pthread_rwlock_clock##name(pthread_rwlock_t *l, clockid_t c,    \
                                          const struct timespec *until);       \
    int __wrap_pthread_rwlock_clock##name(pthread_rwlock_t *l, clockid_t c,    \
                                          const struct timespec *until)        \
    {                                                                          \
        return rwlock(op, l, rt_deadline(c, until, RT_CALLER), RT_CALLER);     \
    }

TIMED(rdlock, RL_RW_TIMEDRDLOCK)
TIMED(wrlock, RL_RW_TIMEDWRLOCK)

// Mutexes: every kind but those with priority protocols. The bytes of the
// object only tell its kind; its state is the model's.
#include "rt.h"

#include <errno.h>

int __real_pthread_mutex_init(pthread_mutex_t *, const pthread_mutexattr_t *);

// The bits of glibc's __kind that matter.
enum { KIND = 3, ROBUST = 16, INHERIT = 32, PROTECT = 64 };

unsigned rt_mutex_kind(const pthread_mutex_t *m, uintptr_t pc)
{
    int k = m->__data.__kind;
    unsigned kind = (unsigned)k & KIND;

    if (k & (INHERIT | PROTECT))
        rt_unsupported("a mutex with a priority protocol", pc);
    if (kind == PTHREAD_MUTEX_ADAPTIVE_NP)
        kind = PTHREAD_MUTEX_NORMAL;
    return kind | (k & ROBUST ? RL_ROBUST : 0);
}

int rt_mutex(enum rl_op op, pthread_mutex_t *m, int64_t arg, uintptr_t pc)
{
    return rt_step(op, RL_MUTEX, m, rt_mutex_kind(m, pc), arg, 0, pc);
}

int __wrap_pthread_mutex_init(pthread_mutex_t *m,
                              const pthread_mutexattr_t *attr);
int __wrap_pthread_mutex_init(pthread_mutex_t *m,
                              const pthread_mutexattr_t *attr)
{
    int err = __real_pthread_mutex_init(m, attr);

    if (!err)
        rt_mutex(RL_MUTEX_INIT, m, 0, RT_CALLER);
    return err;
}

#define MUTEX(name, op)                                                        \
    int __wrap_pthread_mutex_##name(pthread_mutex_t *m);                       \
    int __wrap_pthread_mutex_##name(pthread_mutex_t *m)                        \
    {                                                                          \
        return rt_mutex(op, m, 0, RT_CALLER);                                  \
    }

MUTEX(destroy, RL_MUTEX_DESTROY)
MUTEX(lock, RL_MUTEX_LOCK)
MUTEX(trylock, RL_MUTEX_TRYLOCK)
MUTEX(unlock, RL_MUTEX_UNLOCK)
MUTEX(consistent, RL_MUTEX_CONSISTENT)

int __wrap_pthread_mutex_timedlock(pthread_mutex_t *m,
                                   const struct timespec *until);
int __wrap_pthread_mutex_timedlock(pthread_mutex_t *m,
                                   const struct timespec *until)
{
    return rt_mutex(RL_MUTEX_TIMEDLOCK, m,
                    rt_deadline(CLOCK_REALTIME, until, RT_CALLER), RT_CALLER);
}

int __wrap_pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock,
                                   const struct timespec *until);
int __wrap_pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock,
                                   const struct timespec *until)
{
    return rt_mutex(RL_MUTEX_TIMEDLOCK, m, rt_deadline(clock, until, RT_CALLER),
                    RT_CALLER);
}

int __wrap_pthread_mutex_setprioceiling(pthread_mutex_t *, int, int *);
int __wrap_pthread_mutex_setprioceiling(pthread_mutex_t *m, int to, int *old)
{
    (void)m, (void)to, (void)old;
    rt_unsupported("pthread_mutex_setprioceiling", RT_CALLER);
}

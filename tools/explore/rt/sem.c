// Semaphores of this process. Named ones are not modelled.
#include "rt.h"

#include <errno.h>
#include <semaphore.h>

static int sem(enum rl_op op, sem_t *s, int64_t arg, uintptr_t pc)
{
    bool waits = op == RL_SEM_WAIT || op == RL_SEM_TIMEDWAIT;
    int err = rt_step(op, RL_SEM, s, 0, arg, waits ? RL_CANCEL_POINT : 0, pc);

    if (!err)
        return 0;
    errno = err == EBUSY ? EAGAIN : err;
    return -1;
}

int __wrap_sem_init(sem_t *s, int shared, unsigned value);
int __wrap_sem_init(sem_t *s, int shared, unsigned value)
{
    if (shared)
        rt_unsupported("a semaphore between processes", RT_CALLER);
    return sem(RL_SEM_INIT, s, value, RT_CALLER);
}

#define SEM(name, op)                                                          \
    int __wrap_sem_##name(sem_t *s);                                           \
    int __wrap_sem_##name(sem_t *s)                                            \
    {                                                                          \
        return sem(op, s, 0, RT_CALLER);                                       \
    }

SEM(destroy, RL_SEM_DESTROY)
SEM(wait, RL_SEM_WAIT)
SEM(trywait, RL_SEM_TRYWAIT)
SEM(post, RL_SEM_POST)

int __wrap_sem_timedwait(sem_t *s, const struct timespec *until);
int __wrap_sem_timedwait(sem_t *s, const struct timespec *until)
{
    return sem(RL_SEM_TIMEDWAIT, s,
               rt_deadline(CLOCK_REALTIME, until, RT_CALLER), RT_CALLER);
}

int __wrap_sem_clockwait(sem_t *s, clockid_t c, const struct timespec *until);
int __wrap_sem_clockwait(sem_t *s, clockid_t c, const struct timespec *until)
{
    return sem(RL_SEM_TIMEDWAIT, s, rt_deadline(c, until, RT_CALLER),
               RT_CALLER);
}

int __wrap_sem_getvalue(sem_t *s, int *value);
int __wrap_sem_getvalue(sem_t *s, int *value)
{
    struct rl_step step = rl_step(RL_SEM_GETVALUE);
    struct rl_effect e = {0};

    if (rt_on) {
        rt_ref(&step, RL_SEM, (uintptr_t)s, 0, RT_CALLER);
        rt_do(&step, RT_CALLER, &e);
        rt_access((uintptr_t)value, sizeof *value, true, RT_CALLER);
    }
    *value = (int)e.value;
    return 0;
}

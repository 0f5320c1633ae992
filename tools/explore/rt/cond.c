// Condition variables. A wait is a step that lets go of the mutex and
// queues, one that leaves the queue, and one that takes the mutex again.
#include "rt.h"

#include <errno.h>

// Which clock a condition's timed waits use, noted at init.
static struct {
    const pthread_cond_t *cond;
    clockid_t clock;
} clocks[256];
static unsigned nclocks;

static clockid_t clock_of(const pthread_cond_t *c)
{
    for (unsigned i = nclocks; i-- > 0;)
        if (clocks[i].cond == c)
            return clocks[i].clock;
    return CLOCK_REALTIME;
}

int rt_cond(enum rl_op op, pthread_cond_t *c, uintptr_t pc)
{
    return rt_step(op, RL_COND, c, 0, 0, 0, pc);
}

int rt_cond_wait(pthread_cond_t *c, pthread_mutex_t *m, bool timed,
                 int64_t deadline, uintptr_t pc)
{
    struct rl_step s = rl_step(timed ? RL_COND_TIMEDWAIT : RL_COND_WAIT);
    struct rl_effect e;

    rt_ref(&s, RL_COND, (uintptr_t)c, 0, pc);
    rt_ref(&s, RL_MUTEX, (uintptr_t)m, rt_mutex_kind(m, pc), pc);
    s.arg = deadline;
    s.flags |= RL_CANCEL_POINT;
    rt_do(&s, pc, &e);
    return e.result;
}

int __wrap_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *a);
int __wrap_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *a)
{
    static const pthread_cond_t fresh = PTHREAD_COND_INITIALIZER;
    clockid_t clock = CLOCK_REALTIME;

    if (a)
        pthread_condattr_getclock(a, &clock);
    if (clock != clock_of(c)) {
        if (nclocks == sizeof clocks / sizeof *clocks)
            rt_unsupported("more than 256 conditions with a clock", RT_CALLER);
        clocks[nclocks].cond = c;
        clocks[nclocks++].clock = clock;
    }
    *c = fresh;
    return rt_cond(RL_COND_INIT, c, RT_CALLER);
}

int __wrap_pthread_cond_destroy(pthread_cond_t *c);
int __wrap_pthread_cond_destroy(pthread_cond_t *c)
{
    return rt_cond(RL_COND_DESTROY, c, RT_CALLER);
}

int __wrap_pthread_cond_signal(pthread_cond_t *c);
int __wrap_pthread_cond_signal(pthread_cond_t *c)
{
    return rt_cond(RL_COND_SIGNAL, c, RT_CALLER);
}

int __wrap_pthread_cond_broadcast(pthread_cond_t *c);
int __wrap_pthread_cond_broadcast(pthread_cond_t *c)
{
    return rt_cond(RL_COND_BROADCAST, c, RT_CALLER);
}

int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    return rt_cond_wait(c, m, false, 0, RT_CALLER);
}

int __wrap_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                                  const struct timespec *until);
int __wrap_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                                  const struct timespec *until)
{
    if (until->tv_nsec < 0 || until->tv_nsec > 999999999)
        return EINVAL;
    return rt_cond_wait(c, m, true, rt_deadline(clock_of(c), until, RT_CALLER),
                        RT_CALLER);
}

int __wrap_pthread_cond_clockwait(pthread_cond_t *, pthread_mutex_t *,
                                  clockid_t, const struct timespec *);
int __wrap_pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m,
                                  clockid_t clock, const struct timespec *until)
{
    if (until->tv_nsec < 0 || until->tv_nsec > 999999999)
        return EINVAL;
    return rt_cond_wait(c, m, true, rt_deadline(clock, until, RT_CALLER),
                        RT_CALLER);
}

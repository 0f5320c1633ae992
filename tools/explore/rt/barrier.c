// Barriers: arrive, then leave with the others. Which thread is told that it
// is the serial one is a choice, among those that look.
#include "rt.h"

#include <errno.h>

static int barrier(enum rl_op op, pthread_barrier_t *b, unsigned count,
                   uintptr_t pc)
{
    bool unused = op == RL_BARRIER_ARRIVE && rt_ignored(pc);

    return rt_step(op, RL_BARRIER, b, 0, count, unused ? RL_RESULT_UNUSED : 0,
                   pc);
}

int __wrap_pthread_barrier_init(pthread_barrier_t *b,
                                const pthread_barrierattr_t *attr,
                                unsigned count);
int __wrap_pthread_barrier_init(pthread_barrier_t *b,
                                const pthread_barrierattr_t *attr,
                                unsigned count)
{
    (void)attr;
    if (!count)
        return EINVAL;
    return barrier(RL_BARRIER_INIT, b, count, RT_CALLER);
}

int __wrap_pthread_barrier_destroy(pthread_barrier_t *b);
int __wrap_pthread_barrier_destroy(pthread_barrier_t *b)
{
    return barrier(RL_BARRIER_DESTROY, b, 0, RT_CALLER);
}

int __wrap_pthread_barrier_wait(pthread_barrier_t *b);
int __wrap_pthread_barrier_wait(pthread_barrier_t *b)
{
    return barrier(RL_BARRIER_ARRIVE, b, 0, RT_CALLER);
}

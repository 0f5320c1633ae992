// Spin locks: a thread that spins is blocked, not busy.
#include "rt.h"

static int spin(enum rl_op op, pthread_spinlock_t *l, uintptr_t pc)
{
    return rt_step(op, RL_SPIN, (const void *)l, 0, 0, 0, pc);
}

int __wrap_pthread_spin_init(pthread_spinlock_t *l, int shared);
int __wrap_pthread_spin_init(pthread_spinlock_t *l, int shared)
{
    (void)shared;
    *l = 0;
    return spin(RL_SPIN_INIT, l, RT_CALLER);
}

#define SPIN(name, op)                                                         \
    int __wrap_pthread_spin_##name(pthread_spinlock_t *l);                     \
    int __wrap_pthread_spin_##name(pthread_spinlock_t *l)                      \
    {                                                                          \
        return spin(op, l, RT_CALLER);                                         \
    }

SPIN(destroy, RL_SPIN_DESTROY)
SPIN(lock, RL_SPIN_LOCK)
SPIN(trylock, RL_SPIN_TRYLOCK)
SPIN(unlock, RL_SPIN_UNLOCK)

// pthread_once: the first to come runs the routine, the others wait for it.
#include "rt.h"

int rt_once(const void *control, void (*routine)(void), uintptr_t pc)
{
    struct rl_step s = rl_step(RL_ONCE_ENTER);
    struct rl_effect e;

    if (!rt_on)
        rt_unsupported("pthread_once before main", pc);
    rt_ref(&s, RL_ONCE, (uintptr_t)control, 0, pc);
    rt_do(&s, pc, &e);
    if (e.value) {
        routine();
        rt_step(RL_ONCE_DONE, RL_ONCE, control, 0, 0, 0, pc);
    }
    return 0;
}

int __wrap_pthread_once(pthread_once_t *control, void (*routine)(void));
int __wrap_pthread_once(pthread_once_t *control, void (*routine)(void))
{
    return rt_once(control, routine, RT_CALLER);
}

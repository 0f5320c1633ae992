/*
 * C11 threads as pthread calls: the recorder sees them, and so does
 * ThreadSanitizer, which knows only pthreads (a thread made by thrd_create
 * crashes it). In glibc mtx_t, cnd_t and once_flag are laid out as their
 * pthread counterparts and thrd_t is a pthread_t.
 */
#include "recorder.h"

#include <errno.h>
#include <threads.h>

static int answer(int err)
{
    switch (err) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ENOMEM:
        return thrd_nomem;
    case ETIMEDOUT:
        return thrd_timedout;
    default:
        return thrd_error;
    }
}

static pthread_mutex_t *mutex(mtx_t *m)
{
    return (pthread_mutex_t *)m;
}

static pthread_cond_t *cond(cnd_t *c)
{
    return (pthread_cond_t *)c;
}

int __wrap_thrd_create(thrd_t *thread, thrd_start_t start, void *argument)
{
    pthread_t handle = 0;
    int err = rl_create(&handle, NULL, (void *)start, argument, true, PC);

    if (!err)
        *thread = (thrd_t)handle;
    return err == EAGAIN ? thrd_nomem : answer(err);
}

int __wrap_thrd_join(thrd_t thread, int *result)
{
    void *value = NULL;
    int err = rl_join((pthread_t)thread, &value, PC);

    if (!err && result)
        *result = (int)(intptr_t)value;
    return answer(err);
}

int __wrap_thrd_detach(thrd_t thread)
{
    return answer(rl_detach((pthread_t)thread, PC));
}

_Noreturn void __wrap_thrd_exit(int result)
{
    rl_exit_thread((void *)(intptr_t)result, PC);
}

int __wrap_mtx_init(mtx_t *m, int type)
{
    pthread_mutexattr_t attr;
    int err = pthread_mutexattr_init(&attr);

    if (err)
        return answer(err);
    if (type & mtx_recursive)
        err = pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    if (!err)
        err = pthread_mutex_init(mutex(m), &attr);
    pthread_mutexattr_destroy(&attr);
    return answer(err);
}

void __wrap_mtx_destroy(mtx_t *m)
{
    pthread_mutex_destroy(mutex(m));
}

int __wrap_mtx_lock(mtx_t *m)
{
    return answer(rl_mutex_lock(mutex(m), PC));
}

int __wrap_mtx_trylock(mtx_t *m)
{
    return answer(rl_mutex_trylock(mutex(m), PC));
}

int __wrap_mtx_timedlock(mtx_t *m, const struct timespec *until)
{
    return answer(rl_mutex_timedlock(mutex(m), until, PC));
}

int __wrap_mtx_unlock(mtx_t *m)
{
    return answer(rl_mutex_unlock(mutex(m), PC));
}

int __wrap_cnd_init(cnd_t *c)
{
    return answer(pthread_cond_init(cond(c), NULL));
}

void __wrap_cnd_destroy(cnd_t *c)
{
    pthread_cond_destroy(cond(c));
}

int __wrap_cnd_wait(cnd_t *c, mtx_t *m)
{
    return answer(rl_cond_wait(cond(c), mutex(m), PC));
}

int __wrap_cnd_timedwait(cnd_t *c, mtx_t *m, const struct timespec *until)
{
    return answer(rl_cond_timedwait(cond(c), mutex(m), until, PC));
}

int __wrap_cnd_signal(cnd_t *c)
{
    return answer(rl_cond_wake(cond(c), false, PC));
}

int __wrap_cnd_broadcast(cnd_t *c)
{
    return answer(rl_cond_wake(cond(c), true, PC));
}

void __wrap_call_once(once_flag *flag, void (*routine)(void))
{
    rl_once((pthread_once_t *)flag, routine, PC);
}

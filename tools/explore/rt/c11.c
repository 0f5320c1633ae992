// C11 threads, in terms of the same steps: glibc's own go to its pthreads
// without passing a symbol that we wrap.
#include "rt.h"

#include <errno.h>
#include <threads.h>

int __real_mtx_init(mtx_t *m, int type);

static int c11(int err)
{
    switch (err) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
    case EAGAIN:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

int __wrap_thrd_create(thrd_t *t, thrd_start_t start, void *arg);
int __wrap_thrd_create(thrd_t *t, thrd_start_t start, void *arg)
{
    return c11(rt_create(t, NULL, NULL, start, arg, RT_CALLER));
}

int __wrap_thrd_join(thrd_t t, int *value);
int __wrap_thrd_join(thrd_t t, int *value)
{
    void *p = NULL;
    int err = rt_join(t, &p, RT_CALLER);

    if (!err && value) {
        rt_access((uintptr_t)value, sizeof *value, true, RT_CALLER);
        *value = (int)(intptr_t)p;
    }
    return c11(err);
}

int __wrap_thrd_detach(thrd_t t);
int __wrap_thrd_detach(thrd_t t)
{
    return c11(rt_detach(t, RT_CALLER));
}

_Noreturn void __wrap_thrd_exit(int value);
_Noreturn void __wrap_thrd_exit(int value)
{
    rt_exit_thread((void *)(intptr_t)value, RT_CALLER);
}

int __wrap_thrd_sleep(const struct timespec *span, struct timespec *left);
int __wrap_thrd_sleep(const struct timespec *span, struct timespec *left)
{
    (void)left;
    return rt_sleep(span, RT_CALLER);
}

void __wrap_thrd_yield(void);
void __wrap_thrd_yield(void)
{
    rt_step(RL_YIELD, RL_NO_CLASS, NULL, 0, 0, 0, RT_CALLER);
}

static pthread_mutex_t *mutex(mtx_t *m)
{
    return (pthread_mutex_t *)m; // glibc: the same object
}

int __wrap_mtx_init(mtx_t *m, int type);
int __wrap_mtx_init(mtx_t *m, int type)
{
    int err = __real_mtx_init(m, type);

    if (err == thrd_success)
        rt_mutex(RL_MUTEX_INIT, mutex(m), 0, RT_CALLER);
    return err;
}

void __wrap_mtx_destroy(mtx_t *m);
void __wrap_mtx_destroy(mtx_t *m)
{
    rt_mutex(RL_MUTEX_DESTROY, mutex(m), 0, RT_CALLER);
}

int __wrap_mtx_lock(mtx_t *m);
int __wrap_mtx_lock(mtx_t *m)
{
    return c11(rt_mutex(RL_MUTEX_LOCK, mutex(m), 0, RT_CALLER));
}

int __wrap_mtx_trylock(mtx_t *m);
int __wrap_mtx_trylock(mtx_t *m)
{
    return c11(rt_mutex(RL_MUTEX_TRYLOCK, mutex(m), 0, RT_CALLER));
}

int __wrap_mtx_timedlock(mtx_t *m, const struct timespec *until);
int __wrap_mtx_timedlock(mtx_t *m, const struct timespec *until)
{
    return c11(rt_mutex(RL_MUTEX_TIMEDLOCK, mutex(m),
                        rt_deadline(CLOCK_REALTIME, until, RT_CALLER),
                        RT_CALLER));
}

int __wrap_mtx_unlock(mtx_t *m);
int __wrap_mtx_unlock(mtx_t *m)
{
    return c11(rt_mutex(RL_MUTEX_UNLOCK, mutex(m), 0, RT_CALLER));
}

static pthread_cond_t *cond(cnd_t *c)
{
    return (pthread_cond_t *)c;
}

int __wrap_cnd_init(cnd_t *c);
int __wrap_cnd_init(cnd_t *c)
{
    *cond(c) = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    return c11(rt_cond(RL_COND_INIT, cond(c), RT_CALLER));
}

void __wrap_cnd_destroy(cnd_t *c);
void __wrap_cnd_destroy(cnd_t *c)
{
    rt_cond(RL_COND_DESTROY, cond(c), RT_CALLER);
}

int __wrap_cnd_signal(cnd_t *c);
int __wrap_cnd_signal(cnd_t *c)
{
    return c11(rt_cond(RL_COND_SIGNAL, cond(c), RT_CALLER));
}

int __wrap_cnd_broadcast(cnd_t *c);
int __wrap_cnd_broadcast(cnd_t *c)
{
    return c11(rt_cond(RL_COND_BROADCAST, cond(c), RT_CALLER));
}

int __wrap_cnd_wait(cnd_t *c, mtx_t *m);
int __wrap_cnd_wait(cnd_t *c, mtx_t *m)
{
    return c11(rt_cond_wait(cond(c), mutex(m), false, 0, RT_CALLER));
}

int __wrap_cnd_timedwait(cnd_t *c, mtx_t *m, const struct timespec *until);
int __wrap_cnd_timedwait(cnd_t *c, mtx_t *m, const struct timespec *until)
{
    return c11(rt_cond_wait(cond(c), mutex(m), true,
                            rt_deadline(CLOCK_REALTIME, until, RT_CALLER),
                            RT_CALLER));
}

void __wrap_call_once(once_flag *flag, void (*routine)(void));
void __wrap_call_once(once_flag *flag, void (*routine)(void))
{
    rt_once(flag, routine, RT_CALLER);
}

int __wrap_tss_create(tss_t *key, tss_dtor_t destroy);
int __wrap_tss_create(tss_t *key, tss_dtor_t destroy)
{
    return c11(rt_key_create(key, destroy, RT_CALLER));
}

void __wrap_tss_delete(tss_t key);
void __wrap_tss_delete(tss_t key)
{
    rt_key_delete(key);
}

void *__wrap_tss_get(tss_t key);
void *__wrap_tss_get(tss_t key)
{
    return rt_key_get(key);
}

int __wrap_tss_set(tss_t key, void *value);
int __wrap_tss_set(tss_t key, void *value)
{
    return c11(rt_key_set(key, value));
}

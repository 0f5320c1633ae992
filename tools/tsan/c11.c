/*
 * C11 threads on top of pthreads, for programs that run under a tool that
 * knows only pthreads: glibc's own thrd_create starts threads behind the
 * tool's back (ThreadSanitizer and DRD crash on it). The C11 types of glibc
 * are as large as the pthread types they stand for, and once_flag and
 * thrd_t are the same.
 *
 * Linked from an archive: it serves only programs that call C11 threads.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

#define SHIM __attribute__((visibility("default")))

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "mtx_t");
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "cnd_t");
_Static_assert(sizeof(thrd_t) == sizeof(pthread_t), "thrd_t");
_Static_assert(sizeof(tss_t) == sizeof(pthread_key_t), "tss_t");
_Static_assert(sizeof(once_flag) == sizeof(pthread_once_t), "once_flag");

struct start {
    thrd_start_t function;
    void *argument;
};

static int result(int err)
{
    switch (err) {
    case 0:
        return thrd_success;
    case ENOMEM:
    case EAGAIN:
        return thrd_nomem;
    case ETIMEDOUT:
        return thrd_timedout;
    case EBUSY:
        return thrd_busy;
    default:
        return thrd_error;
    }
}

static void *begin(void *argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    return (void *)(long)start.function(start.argument);
}

SHIM int thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
    struct start *start = malloc(sizeof(*start));
    int err;

    if (!start) {
        return thrd_nomem;
    }
    *start = (struct start){function, argument};
    err = pthread_create((pthread_t *)thread, NULL, begin, start);
    if (err) {
        free(start);
    }
    return result(err);
}

SHIM int thrd_join(thrd_t thread, int *value)
{
    void *got;
    int err = pthread_join((pthread_t)thread, &got);

    if (!err && value) {
        *value = (int)(long)got;
    }
    return result(err);
}

SHIM int thrd_detach(thrd_t thread)
{
    return result(pthread_detach((pthread_t)thread));
}

SHIM _Noreturn void thrd_exit(int value)
{
    pthread_exit((void *)(long)value);
}

SHIM thrd_t thrd_current(void)
{
    return (thrd_t)pthread_self();
}

SHIM int thrd_equal(thrd_t one, thrd_t two)
{
    return pthread_equal((pthread_t)one, (pthread_t)two);
}

SHIM void thrd_yield(void)
{
    sched_yield();
}

SHIM int thrd_sleep(const struct timespec *time, struct timespec *left)
{
    if (nanosleep(time, left) == 0) {
        return 0;
    }
    return errno == EINTR ? -1 : -2;
}

SHIM int mtx_init(mtx_t *mutex, int type)
{
    pthread_mutexattr_t attr;
    int err = pthread_mutexattr_init(&attr);

    if (err) {
        return result(err);
    }
    if (type & mtx_recursive) {
        err = pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    }
    if (!err) {
        err = pthread_mutex_init((pthread_mutex_t *)mutex, &attr);
    }
    pthread_mutexattr_destroy(&attr);
    return result(err);
}

SHIM void mtx_destroy(mtx_t *mutex)
{
    pthread_mutex_destroy((pthread_mutex_t *)mutex);
}

SHIM int mtx_lock(mtx_t *mutex)
{
    return result(pthread_mutex_lock((pthread_mutex_t *)mutex));
}

SHIM int mtx_trylock(mtx_t *mutex)
{
    return result(pthread_mutex_trylock((pthread_mutex_t *)mutex));
}

SHIM int mtx_timedlock(mtx_t *mutex, const struct timespec *until)
{
    return result(pthread_mutex_timedlock((pthread_mutex_t *)mutex, until));
}

SHIM int mtx_unlock(mtx_t *mutex)
{
    return result(pthread_mutex_unlock((pthread_mutex_t *)mutex));
}

SHIM int cnd_init(cnd_t *cond)
{
    return result(pthread_cond_init((pthread_cond_t *)cond, NULL));
}

SHIM void cnd_destroy(cnd_t *cond)
{
    pthread_cond_destroy((pthread_cond_t *)cond);
}

SHIM int cnd_signal(cnd_t *cond)
{
    return result(pthread_cond_signal((pthread_cond_t *)cond));
}

SHIM int cnd_broadcast(cnd_t *cond)
{
    return result(pthread_cond_broadcast((pthread_cond_t *)cond));
}

SHIM int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
    return result(
        pthread_cond_wait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex));
}

SHIM int cnd_timedwait(cnd_t *cond, mtx_t *mutex, const struct timespec *until)
{
    return result(pthread_cond_timedwait((pthread_cond_t *)cond,
                                         (pthread_mutex_t *)mutex, until));
}

SHIM void call_once(once_flag *flag, void (*function)(void))
{
    pthread_once((pthread_once_t *)flag, function);
}

SHIM int tss_create(tss_t *key, tss_dtor_t destructor)
{
    return result(pthread_key_create((pthread_key_t *)key, destructor));
}

SHIM void tss_delete(tss_t key)
{
    pthread_key_delete((pthread_key_t)key);
}

SHIM void *tss_get(tss_t key)
{
    return pthread_getspecific((pthread_key_t)key);
}

SHIM int tss_set(tss_t key, void *value)
{
    return result(pthread_setspecific((pthread_key_t)key, value));
}

/*
 * Semaphores, barriers and pthread_once.
 */
#include "recorder.h"

#include <semaphore.h>

int __real_sem_wait(sem_t *);
int __real_sem_timedwait(sem_t *, const struct timespec *);
int __real_sem_clockwait(sem_t *, clockid_t, const struct timespec *);
int __real_pthread_barrier_init(pthread_barrier_t *,
                                const pthread_barrierattr_t *, unsigned);
int __real_pthread_barrier_wait(pthread_barrier_t *);
int __real_pthread_once(pthread_once_t *, void (*)(void));

static struct record_thread *sem_begin(sem_t *s, uintptr_t pc, bool deadline)
{
    struct record_thread *t = rl_enter(pc);

    rl_object(s, RECORD_SEMAPHORE);
    rl_wait_begin(t, RECORD_SEM, s, pc, deadline);
    return t;
}

static void sem_end(struct record_thread *t)
{
    rl_wait_end(t);
    rl_leave();
}

int __wrap_sem_wait(sem_t *s)
{
    struct record_thread *t = sem_begin(s, PC, false);
    int err = __real_sem_wait(s);

    sem_end(t);
    return err;
}

int __wrap_sem_timedwait(sem_t *s, const struct timespec *until)
{
    struct record_thread *t = sem_begin(s, PC, true);
    int err = __real_sem_timedwait(s, until);

    sem_end(t);
    return err;
}

int __wrap_sem_clockwait(sem_t *s, clockid_t clock,
                         const struct timespec *until)
{
    struct record_thread *t = sem_begin(s, PC, true);
    int err = __real_sem_clockwait(s, clock, until);

    sem_end(t);
    return err;
}

int __wrap_pthread_barrier_init(pthread_barrier_t *b,
                                const pthread_barrierattr_t *a, unsigned n)
{
    struct record_object *o;
    int err;

    rl_enter(PC);
    rl_forget(b, RECORD_BARRIERS);
    o = rl_object(b, RECORD_BARRIERS);
    if (o)
        o->needed = n;
    err = __real_pthread_barrier_init(b, a, n);
    rl_leave();
    return err;
}

int __wrap_pthread_barrier_wait(pthread_barrier_t *b)
{
    uintptr_t pc = PC;
    struct record_thread *t = rl_enter(pc);
    struct record_object *o = rl_object(b, RECORD_BARRIERS);
    int result;

    if (o)
        atomic_fetch_add(&o->waiting, 1);
    rl_wait_begin(t, RECORD_BARRIER, b, pc, false);
    result = __real_pthread_barrier_wait(b);
    rl_wait_end(t);
    if (o)
        atomic_fetch_sub(&o->waiting, 1);
    rl_leave();
    return result;
}

/* A pthread_once in progress. The routine takes no argument, so the thread
 * that runs it finds its once here: the innermost that is not yet running. */
struct once {
    pthread_once_t *control;
    void (*routine)(void);
    uintptr_t pc;
    struct once *outer;
};

static _Thread_local struct once *innermost;

/* Runs in the one thread that won: it holds the once, the others wait. */
static void run_once(void)
{
    struct once *once = innermost;
    struct record_thread *t = rl_self();

    rl_wait_end(t);
    rl_taken(t, once->control, RECORD_ONCES, false, RL_BLOCKING, once->pc);
    once->routine();
    rl_released(t, once->control);
}

int rl_once(pthread_once_t *control, void (*routine)(void), uintptr_t pc)
{
    struct record_thread *t = rl_enter(pc);
    struct once once = {control, routine, pc, innermost};
    int err;

    innermost = &once;
    rl_wait_begin(t, RECORD_ONCE, control, pc, false);
    err = __real_pthread_once(control, run_once);
    rl_wait_end(t);
    innermost = once.outer;
    rl_leave();
    return err;
}

int __wrap_pthread_once(pthread_once_t *control, void (*routine)(void))
{
    return rl_once(control, routine, PC);
}

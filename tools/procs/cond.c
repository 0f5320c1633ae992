/*
 * Conditions, semaphores and barriers between processes. A wakeup goes to who
 * has waited longest; a deadline passes only when nothing else can go on.
 */
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>

void procs_use(struct procs_object *o, const char *op, uintptr_t pc);
struct procs_object *procs_mutex_leave(pthread_mutex_t *m);
bool procs_mutex_enter(struct procs_object *o);
int __real_sem_getvalue(sem_t *, int *);
int __real_sem_init(sem_t *, int, unsigned);

int __wrap_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *a)
{
    struct procs_object *o = procs_object_at(c, PROCS_COND);
    int shared = PTHREAD_PROCESS_PRIVATE;

    if (a)
        pthread_condattr_getpshared(a, &shared);
    o->first = -1;
    o->is_pshared = shared == PTHREAD_PROCESS_SHARED;
    return 0;
}

int __wrap_pthread_cond_destroy(pthread_cond_t *c)
{
    (void)c;
    return 0;
}

static int waited(pthread_cond_t *c, pthread_mutex_t *m, bool timed,
                  uintptr_t pc)
{
    struct procs_object *o = procs_object_at(c, PROCS_COND), *lock;
    struct procs_process *p = procs_self();
    bool late;

    procs_use(o, "wait", pc);
    procs_point(procs_step("wait", o, pc));
    lock = procs_mutex_leave(m);
    p->waits_on = (int)(o - procs->objects);
    p->ticket = o->round++;
    p->signalled = false;
    procs->version++;
    for (;;) {
        p->timed = timed;
        if (p->signalled || p->expired)
            break;
        procs_block();
    }
    late = !p->signalled;
    p->waits_on = -1;
    p->timed = p->expired = false;
    if (!late)
        procs_acquire(&o->clock);
    p->now = procs_step("lock", lock, pc);
    while (!procs_mutex_enter(lock))
        procs_block();
    procs_went();
    return late ? ETIMEDOUT : 0;
}

int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    return waited(c, m, false, PROCS_PC);
}

int __wrap_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                                  const struct timespec *t)
{
    (void)t;
    return waited(c, m, true, PROCS_PC);
}

static bool wake_one(struct procs_object *o)
{
    struct procs_process *first = NULL;

    for (int i = 0; i < procs->count; i++) {
        struct procs_process *p = &procs->processes[i];

        if (p->waits_on == (int)(o - procs->objects) && !p->signalled &&
            p->state == PROCS_WAITS && (!first || p->ticket < first->ticket))
            first = p;
    }
    if (first)
        first->signalled = true;
    return first != NULL;
}

static int signalled(pthread_cond_t *c, bool all, uintptr_t pc)
{
    struct procs_object *o = procs_object_at(c, PROCS_COND);

    procs_use(o, "signal", pc);
    procs_point(procs_step("signal", o, pc));
    procs_release(&o->clock);
    while (wake_one(o) && all)
        ;
    procs_went();
    return 0;
}

int __wrap_pthread_cond_signal(pthread_cond_t *c)
{
    return signalled(c, false, PROCS_PC);
}

int __wrap_pthread_cond_broadcast(pthread_cond_t *c)
{
    return signalled(c, true, PROCS_PC);
}

static struct procs_object *sem_of(sem_t *s)
{
    struct procs_object *o;
    int value = 0;

    if ((char *)s >= procs->named[0] && (char *)s < procs->named[16]) {
        o = procs_object((uint64_t)((char *)s - procs->named[0]), PROCS_SEM);
        o->shared = o->is_pshared = true;
        return o;
    }
    o = procs_object_at(s, PROCS_SEM);
    if (!o->made) {
        o->made = true;
        __real_sem_getvalue(s, &value);
        o->value = value;
    }
    return o;
}

int __wrap_sem_init(sem_t *s, int shared, unsigned value)
{
    struct procs_object *o = procs_object_at(s, PROCS_SEM);

    o->made = true;
    o->first = -1;
    o->is_pshared = shared != 0;
    o->value = value;
    return __real_sem_init(s, shared, value);
}

int __wrap_sem_destroy(sem_t *s)
{
    (void)s;
    return 0;
}

sem_t *__wrap_sem_open(const char *name, int flags, ...)
{
    va_list args;
    unsigned value;
    int i = 0;

    va_start(args, flags);
    (void)va_arg(args, mode_t);
    value = flags & O_CREAT ? va_arg(args, unsigned) : 0;
    va_end(args);
    while (i < 16 && procs->names[i][0] && strcmp(procs->names[i], name))
        i++;
    if (i == 16 || strlen(name) > 31) {
        procs_refuse("so many named semaphores");
        return SEM_FAILED;
    }
    if (!procs->names[i][0]) {
        if (!(flags & O_CREAT)) {
            errno = ENOENT;
            return SEM_FAILED;
        }
        strcpy(procs->names[i], name);
        sem_of((sem_t *)(void *)procs->named[i])->value = value;
    } else if ((flags & O_CREAT) && (flags & O_EXCL)) {
        errno = EEXIST;
        return SEM_FAILED;
    }
    return (sem_t *)(void *)procs->named[i];
}

int __wrap_sem_close(sem_t *s)
{
    (void)s;
    return 0;
}

int __wrap_sem_unlink(const char *name)
{
    (void)name;
    return 0;
}

static int took(sem_t *s, bool timed, bool try, uintptr_t pc)
{
    struct procs_object *o = sem_of(s);

    procs_use(o, try ? "trywait" : "wait", pc);
    procs_point(procs_step(try ? "trywait" : "wait", o, pc));
    while (o->value <= 0) {
        procs_self()->timed = timed;
        if (try || procs_self()->expired) {
            procs_went();
            errno = try ? EAGAIN : ETIMEDOUT;
            return -1;
        }
        procs_block();
    }
    o->value--;
    procs_acquire(&o->clock);
    procs_went();
    return 0;
}

int __wrap_sem_wait(sem_t *s)
{
    return took(s, false, false, PROCS_PC);
}

int __wrap_sem_trywait(sem_t *s)
{
    return took(s, false, true, PROCS_PC);
}

int __wrap_sem_timedwait(sem_t *s, const struct timespec *t)
{
    (void)t;
    return took(s, true, false, PROCS_PC);
}

int __wrap_sem_post(sem_t *s)
{
    struct procs_object *o = sem_of(s);

    procs_use(o, "post", PROCS_PC);
    procs_point(procs_step("post", o, PROCS_PC));
    o->value++;
    procs_release(&o->clock);
    procs_went();
    return 0;
}

int __wrap_sem_getvalue(sem_t *s, int *value)
{
    *value = (int)sem_of(s)->value;
    return 0;
}

int __wrap_pthread_barrier_init(pthread_barrier_t *b,
                                const pthread_barrierattr_t *a, unsigned count)
{
    struct procs_object *o = procs_object_at(b, PROCS_BARRIER);
    int shared = PTHREAD_PROCESS_PRIVATE;

    if (!count)
        return EINVAL;
    if (a)
        pthread_barrierattr_getpshared(a, &shared);
    o->first = -1;
    o->is_pshared = shared == PTHREAD_PROCESS_SHARED;
    o->limit = count;
    o->value = 0;
    return 0;
}

int __wrap_pthread_barrier_destroy(pthread_barrier_t *b)
{
    (void)b;
    return 0;
}

int __wrap_pthread_barrier_wait(pthread_barrier_t *b)
{
    struct procs_object *o = procs_object_at(b, PROCS_BARRIER);
    long round;
    bool last;

    procs_use(o, "wait", PROCS_PC);
    procs_point(procs_step("wait", o, PROCS_PC));
    round = o->round;
    procs_release(&o->clock);
    procs->version++;
    last = ++o->value == o->limit;
    if (last) {
        o->value = 0;
        o->round++;
    }
    while (o->round == round)
        procs_block();
    procs_acquire(&o->clock);
    procs_went();
    return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

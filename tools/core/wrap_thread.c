/*
 * Threads: creation, end, join, detach. C11 threads become pthreads here.
 */
#include "recorder.h"

#include <stddef.h>

typedef void *start_routine(void *);
typedef int c11_routine(void *);

int __real_pthread_create(pthread_t *, const pthread_attr_t *, start_routine *,
                          void *);
int __real_pthread_join(pthread_t, void **);
int __real_pthread_tryjoin_np(pthread_t, void **);
int __real_pthread_timedjoin_np(pthread_t, void **, const struct timespec *);
int __real_pthread_clockjoin_np(pthread_t, void **, clockid_t,
                                const struct timespec *);
int __real_pthread_detach(pthread_t);
_Noreturn void __real_pthread_exit(void *);

static void *call_start(uint64_t start, uint64_t argument, bool c11)
{
    if (c11) {
        int result =
            ((c11_routine *)(uintptr_t)start)((void *)(uintptr_t)argument);

        return (void *)(intptr_t)result;
    }
    return ((start_routine *)(uintptr_t)start)((void *)(uintptr_t)argument);
}

static void at_end(int *unused)
{
    (void)unused;
    rl_thread_ends();
}

/* What each thread runs first. The cleanup runs on return, pthread_exit and
 * cancellation alike (this file is built with -fexceptions). */
static void *rl_thread_start(void *slot)
{
    __attribute__((cleanup(at_end))) int guard = 0;
    struct record_thread *t = slot;

    (void)guard;
    rl_thread_begins(t);
    return call_start(t->start, t->argument, t->c11);
}

/* Without a record, C11 functions of threads still need the other type. */
struct c11_start {
    c11_routine *start;
    void *argument;
    _Atomic int taken;
};

static void *rl_c11_start(void *shared)
{
    struct c11_start *s = shared;
    struct c11_start mine = {.start = s->start, .argument = s->argument};

    atomic_store(&s->taken, 1);
    return call_start((uintptr_t)mine.start, (uintptr_t)mine.argument, true);
}

static int create_unrecorded(pthread_t *thread, const pthread_attr_t *attr,
                             void *start, void *argument, bool c11)
{
    struct c11_start s = {.start = (c11_routine *)start, .argument = argument};
    int err;

    if (!c11)
        return __real_pthread_create(thread, attr, (start_routine *)start,
                                     argument);
    err = __real_pthread_create(thread, attr, rl_c11_start, &s);
    while (!err && !atomic_load(&s.taken))
        sched_yield();
    return err;
}

int rl_create(pthread_t *thread, const pthread_attr_t *attr, void *start,
              void *argument, bool c11, uintptr_t pc)
{
    struct record_thread *me = rl_enter(pc);
    struct record_thread *t = me ? rl_new_thread() : NULL;
    int detached = PTHREAD_CREATE_JOINABLE;
    int err;

    if (!t) {
        err = create_unrecorded(thread, attr, start, argument, c11);
        rl_leave();
        return err;
    }
    if (attr)
        pthread_attr_getdetachstate(attr, &detached);
    t->detached = detached == PTHREAD_CREATE_DETACHED;
    t->start = (uint64_t)(uintptr_t)start;
    t->argument = (uint64_t)(uintptr_t)argument;
    t->c11 = c11;
    t->create_pc = pc;
    t->creator = rl_slot(me);
    t->pid = me->pid;
    t->create_clock = rl_tick();
    t->created_ns = rl_now();
    me->epoch++;
    err = __real_pthread_create(thread, attr, rl_thread_start, t);
    if (err)
        atomic_store(&t->state, RECORD_FAILED);
    else
        t->handle = (uint64_t)*thread; /* it may not have run yet */
    rl_leave();
    return err;
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
                          start_routine *start, void *argument)
{
    return rl_create(thread, attr, (void *)start, argument, false, PC);
}

/* The newest thread of that handle that nobody has joined: handles are used
 * again. */
static struct record_thread *find(pthread_t handle)
{
    struct record *r = rl_record;
    uint32_t n;

    if (!r)
        return NULL;
    n = atomic_load(&r->slots);
    for (uint32_t i = n < RECORD_THREADS ? n : RECORD_THREADS; i-- > 0;) {
        struct record_thread *t = &r->threads[i];
        uint32_t state = atomic_load(&t->state);

        if (t->handle == (uint64_t)handle && !t->joined &&
            (state == RECORD_CREATED || state == RECORD_RUNNING ||
             state == RECORD_ENDED))
            return t;
    }
    return NULL;
}

static void join_begin(struct record_thread *me, pthread_t thread, uintptr_t pc,
                       bool deadline)
{
    struct record_thread *t = me ? find(thread) : NULL;

    rl_wait_begin(me, RECORD_JOIN, (const void *)thread, pc, deadline);
    if (me)
        me->wait_target = t ? rl_slot(t) + 1 : 0;
}

/* The target was found before the real join: afterwards its handle may already
 * belong to a new thread. */
static void join_end(struct record_thread *me, int err)
{
    struct record_thread *t;

    rl_wait_end(me);
    if (!me || err || !me->wait_target)
        return;
    t = &rl_record->threads[me->wait_target - 1];
    t->joiner = rl_slot(me);
    t->join_clock = rl_tick();
    t->joined_ns = rl_now();
    atomic_store(&t->joined, 1);
    me->epoch++;
}

int rl_join(pthread_t thread, void **result, uintptr_t pc)
{
    struct record_thread *me = rl_enter(pc);
    int err;

    join_begin(me, thread, pc, false);
    err = __real_pthread_join(thread, result);
    join_end(me, err);
    rl_leave();
    return err;
}

int __wrap_pthread_join(pthread_t thread, void **result)
{
    return rl_join(thread, result, PC);
}

int __wrap_pthread_tryjoin_np(pthread_t thread, void **result)
{
    struct record_thread *me = rl_enter(PC);
    int err;

    join_begin(me, thread, PC, true);
    err = __real_pthread_tryjoin_np(thread, result);
    join_end(me, err);
    rl_leave();
    return err;
}

int __wrap_pthread_timedjoin_np(pthread_t thread, void **result,
                                const struct timespec *until)
{
    struct record_thread *me = rl_enter(PC);
    int err;

    join_begin(me, thread, PC, true);
    err = __real_pthread_timedjoin_np(thread, result, until);
    join_end(me, err);
    rl_leave();
    return err;
}

int __wrap_pthread_clockjoin_np(pthread_t thread, void **result,
                                clockid_t clock, const struct timespec *until)
{
    struct record_thread *me = rl_enter(PC);
    int err;

    join_begin(me, thread, PC, true);
    err = __real_pthread_clockjoin_np(thread, result, clock, until);
    join_end(me, err);
    rl_leave();
    return err;
}

int rl_detach(pthread_t thread, uintptr_t pc)
{
    struct record_thread *me = rl_enter(pc);
    struct record_thread *t = me ? find(thread) : NULL;
    int err = __real_pthread_detach(thread);

    if (!err && t)
        atomic_store(&t->detached, 1);
    rl_leave();
    return err;
}

int __wrap_pthread_detach(pthread_t thread)
{
    return rl_detach(thread, PC);
}

void rl_exit_thread(void *result, uintptr_t pc)
{
    struct record_thread *me = rl_enter(pc);

    if (me)
        me->end_pc = pc;
    __real_pthread_exit(result);
}

_Noreturn void __wrap_pthread_exit(void *result)
{
    rl_exit_thread(result, PC);
}

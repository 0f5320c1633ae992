// Threads: create, join, detach, the end of one, cancellation and cleanup
// handlers. Real threads are made, with stacks of our own so that addresses
// repeat; they are never really joined.
#include "rt.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

enum { STACK = 8 << 20, DESTRUCTOR_ROUNDS = PTHREAD_DESTRUCTOR_ITERATIONS };

int __real_pthread_create(pthread_t *, const pthread_attr_t *,
                          void *(*)(void *), void *);

static struct rt_thread *thread_of(pthread_t handle)
{
    for (unsigned i = 0; i < rt_world->nthreads; i++)
        if (pthread_equal(rt_threads[i].handle, handle))
            return &rt_threads[i];
    return NULL;
}

static void destroy_keys(struct rt_thread *t);

// The first function of every thread but main.
static void *trampoline(void *p)
{
    struct rt_thread *t = p;

    rt_self = t;
    t->base = (uintptr_t)__builtin_frame_address(0);
    rt_wait_turn(t);
    rt_first_step();
    if (!setjmp(t->leave))
        t->value = t->c11 ? (void *)(intptr_t)t->c11(t->arg) : t->start(t->arg);
    destroy_keys(t);
    rt_last_step(rt_shm->result.thread[t->id].pc);
}

static int real_create(struct rt_thread *t)
{
    pthread_attr_t attr;
    int err;

    t->stack_size = STACK;
    t->stack = rt_stack(t->id, STACK);
    err = pthread_attr_init(&attr);
    if (!err)
        err = pthread_attr_setstack(&attr, t->stack, t->stack_size);
    if (!err)
        err = __real_pthread_create(&t->handle, &attr, trampoline, t);
    return err;
}

int __wrap_pthread_create(pthread_t *handle, const pthread_attr_t *attr,
                          void *(*start)(void *), void *arg);
int __wrap_pthread_create(pthread_t *handle, const pthread_attr_t *attr,
                          void *(*start)(void *), void *arg)
{
    return rt_create(handle, attr, start, NULL, arg, RT_CALLER);
}

int rt_create(pthread_t *handle, const pthread_attr_t *attr,
              void *(*start)(void *), int (*c11)(void *), void *arg,
              uintptr_t pc)
{
    struct rl_step s = rl_step(RL_CREATE);
    struct rl_effect e;
    struct rt_thread *t;
    int detach = PTHREAD_CREATE_JOINABLE;

    if (!rt_on)
        rt_unsupported("pthread_create before main", pc);
    if (attr && !pthread_attr_getdetachstate(attr, &detach) &&
        detach == PTHREAD_CREATE_DETACHED)
        s.flags |= RL_DETACHED;
    rt_access((uintptr_t)handle, sizeof *handle, true, pc);
    rt_do(&s, pc, &e);
    if (e.result)
        return e.result;
    if (rt_world->full)
        rt_unsupported("more than 63 threads", pc);
    t = &rt_threads[e.child];
    t->id = e.child;
    t->start = start;
    t->c11 = c11;
    t->arg = arg;
    rt_shm->result.thread[t->id].start =
        start ? (uintptr_t)start : (uintptr_t)c11;
    rt_shm->result.thread[t->id].create_pc = pc;
    rt_shm->result.thread[t->id].points = 1; // it stands at its start
    if (real_create(t))
        rt_unsupported("pthread_create: no more threads here", pc);
    *handle = t->handle;
    return 0;
}

static int join(pthread_t handle, void **value, enum rl_op op, uintptr_t pc)
{
    struct rt_thread *t = thread_of(handle);
    struct rl_step s = rl_step(op);
    struct rl_effect e;

    if (!t)
        return ESRCH;
    s.arg = t->id;
    s.flags |= op == RL_JOIN ? RL_CANCEL_POINT : 0;
    rt_do(&s, pc, &e);
    if (!e.result && value) {
        rt_access((uintptr_t)value, sizeof *value, true, pc);
        *value = t->value;
    }
    return e.result;
}

int __wrap_pthread_join(pthread_t handle, void **value);
int __wrap_pthread_join(pthread_t handle, void **value)
{
    return join(handle, value, RL_JOIN, RT_CALLER);
}

int rt_join(pthread_t handle, void **value, uintptr_t pc)
{
    return join(handle, value, RL_JOIN, pc);
}

int __wrap_pthread_tryjoin_np(pthread_t handle, void **value);
int __wrap_pthread_tryjoin_np(pthread_t handle, void **value)
{
    return join(handle, value, RL_TRYJOIN, RT_CALLER);
}

int __wrap_pthread_timedjoin_np(pthread_t, void **, const struct timespec *);
int __wrap_pthread_timedjoin_np(pthread_t handle, void **value,
                                const struct timespec *until)
{
    (void)handle, (void)value, (void)until;
    rt_unsupported("pthread_timedjoin_np", RT_CALLER);
}

int rt_detach(pthread_t handle, uintptr_t pc)
{
    struct rt_thread *t = thread_of(handle);
    struct rl_step s = rl_step(RL_DETACH);
    struct rl_effect e;

    if (!t)
        return ESRCH;
    s.arg = t->id;
    rt_do(&s, pc, &e);
    return e.result;
}

int __wrap_pthread_detach(pthread_t handle);
int __wrap_pthread_detach(pthread_t handle)
{
    return rt_detach(handle, RT_CALLER);
}

// Cleanup handlers. The macro pthread_cleanup_push does a setjmp into a
// buffer and registers it; to run the handlers is to jump to the innermost
// buffer, whose code ends in __pthread_unwind_next.

void __wrap___pthread_register_cancel(__pthread_unwind_buf_t *buf);
void __wrap___pthread_register_cancel(__pthread_unwind_buf_t *buf)
{
    buf->__pad[0] = rt_self->cleanup;
    rt_self->cleanup = buf;
}

void __wrap___pthread_unregister_cancel(__pthread_unwind_buf_t *buf);
void __wrap___pthread_unregister_cancel(__pthread_unwind_buf_t *buf)
{
    rt_self->cleanup = buf->__pad[0];
}

static _Noreturn void unwind(struct rt_thread *t)
{
    __pthread_unwind_buf_t *buf = t->cleanup;
    void *volatile jump;

    if (!buf)
        longjmp(t->leave, 1);
    t->cleanup = buf->__pad[0];
    jump = buf->__cancel_jmp_buf; // the start of a jmp_buf, without a mask
    longjmp(jump, 1);
}

void __wrap___pthread_unwind_next(__pthread_unwind_buf_t *buf);
void __wrap___pthread_unwind_next(__pthread_unwind_buf_t *buf)
{
    (void)buf;
    unwind(rt_self);
}

_Noreturn void rt_leave_thread(struct rt_thread *t, void *value)
{
    rl_cancel_off(rt_world, t->id, true);
    t->value = value;
    unwind(t);
}

_Noreturn void rt_exit_thread(void *value, uintptr_t pc)
{
    if (!rt_on)
        rt_unsupported("pthread_exit before main", pc);
    rt_shm->result.thread[rt_self->id].pc = pc;
    rt_leave_thread(rt_self, value);
}

void __wrap_pthread_exit(void *value);
void __wrap_pthread_exit(void *value)
{
    rt_exit_thread(value, RT_CALLER);
}

int __wrap_pthread_cancel(pthread_t handle);
int __wrap_pthread_cancel(pthread_t handle)
{
    struct rt_thread *t = thread_of(handle);
    struct rl_step s = rl_step(RL_CANCEL);
    struct rl_effect e;

    if (!t)
        return ESRCH;
    if (t->cancel_type == PTHREAD_CANCEL_ASYNCHRONOUS)
        rt_unsupported("asynchronous cancellation", RT_CALLER);
    s.arg = t->id;
    rt_do(&s, RT_CALLER, &e);
    return e.result;
}

void __wrap_pthread_testcancel(void);
void __wrap_pthread_testcancel(void)
{
    rt_step(RL_TEST_CANCEL, RL_NO_CLASS, NULL, 0, 0, RL_CANCEL_POINT,
            RT_CALLER);
}

int __wrap_pthread_setcancelstate(int state, int *old);
int __wrap_pthread_setcancelstate(int state, int *old)
{
    bool off;

    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
        return EINVAL;
    off = rl_cancel_off(rt_world, rt_self->id, state == PTHREAD_CANCEL_DISABLE);
    if (old)
        *old = off ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
    return 0;
}

int __wrap_pthread_setcanceltype(int type, int *old);
int __wrap_pthread_setcanceltype(int type, int *old)
{
    if (type != PTHREAD_CANCEL_DEFERRED)
        rt_unsupported("asynchronous cancellation", RT_CALLER);
    if (old)
        *old = PTHREAD_CANCEL_DEFERRED;
    return 0;
}

// Keys. Values belong to one thread each and are no concern of another's.
static struct {
    bool used;
    void (*destroy)(void *);
} keys[RT_MAX_KEYS];

int rt_key_create(pthread_key_t *key, void (*destroy)(void *), uintptr_t pc)
{
    for (unsigned i = 1; i < RT_MAX_KEYS; i++) {
        if (keys[i].used)
            continue;
        keys[i].used = true;
        keys[i].destroy = destroy;
        if (rt_on)
            rt_access((uintptr_t)key, sizeof *key, true, pc);
        *key = i;
        return 0;
    }
    return EAGAIN;
}

static bool valid_key(pthread_key_t key)
{
    return key < RT_MAX_KEYS && keys[key].used;
}

int rt_key_delete(pthread_key_t key)
{
    if (!valid_key(key))
        return EINVAL;
    keys[key].used = false;
    for (unsigned i = 0; i < RL_THREADS; i++)
        rt_threads[i].key[key] = NULL;
    return 0;
}

int rt_key_set(pthread_key_t key, const void *value)
{
    if (!valid_key(key))
        return EINVAL;
    rt_self->key[key] = (void *)(uintptr_t)value;
    return 0;
}

void *rt_key_get(pthread_key_t key)
{
    return valid_key(key) ? rt_self->key[key] : NULL;
}

int __wrap_pthread_key_create(pthread_key_t *key, void (*destroy)(void *));
int __wrap_pthread_key_create(pthread_key_t *key, void (*destroy)(void *))
{
    return rt_key_create(key, destroy, RT_CALLER);
}

int __wrap_pthread_key_delete(pthread_key_t key);
int __wrap_pthread_key_delete(pthread_key_t key)
{
    return rt_key_delete(key);
}

int __wrap_pthread_setspecific(pthread_key_t key, const void *value);
int __wrap_pthread_setspecific(pthread_key_t key, const void *value)
{
    return rt_key_set(key, value);
}

void *__wrap_pthread_getspecific(pthread_key_t key);
void *__wrap_pthread_getspecific(pthread_key_t key)
{
    return rt_key_get(key);
}

static void destroy_keys(struct rt_thread *t)
{
    bool again = true;

    rl_cancel_off(rt_world, t->id, true);
    for (int round = 0; again && round < DESTRUCTOR_ROUNDS; round++) {
        again = false;
        for (unsigned i = 1; i < RT_MAX_KEYS; i++) {
            void *value = t->key[i];

            if (!value || !keys[i].used || !keys[i].destroy)
                continue;
            t->key[i] = NULL;
            keys[i].destroy(value);
            again = true;
        }
    }
}

_Noreturn void rt_main_left(void)
{
    destroy_keys(rt_self);
    rt_last_step(rt_shm->result.thread[0].pc);
}

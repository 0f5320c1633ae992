/*
 * Condition variables: who waits, and which signals found nobody.
 */
#include "recorder.h"

int __real_pthread_cond_init(pthread_cond_t *, const pthread_condattr_t *);
int __real_pthread_cond_destroy(pthread_cond_t *);
int __real_pthread_cond_wait(pthread_cond_t *, pthread_mutex_t *);
int __real_pthread_cond_timedwait(pthread_cond_t *, pthread_mutex_t *,
                                  const struct timespec *);
int __real_pthread_cond_clockwait(pthread_cond_t *, pthread_mutex_t *,
                                  clockid_t, const struct timespec *);
int __real_pthread_cond_signal(pthread_cond_t *);
int __real_pthread_cond_broadcast(pthread_cond_t *);

#define WAITING(word) ((uint32_t)(word))
#define REACHED(word) ((uint32_t)((word) >> 32))

static uint64_t word(uint32_t waiting, uint32_t reached)
{
    return (uint64_t)reached << 32 | waiting;
}

/* The wait lets the mutex go, so it leaves the locks held. */
static struct record_object *before(struct record_thread *t, pthread_cond_t *c,
                                    pthread_mutex_t *m, uintptr_t pc,
                                    bool deadline)
{
    struct record_object *o = rl_object(c, RECORD_CONDITION);
    struct record_object *mutex;
    uint64_t mutex_pc;
    uint64_t taken = 0;
    uint64_t previous = 0;

    if (!t)
        return NULL;
    mutex = rl_object(m, RECORD_MUTEX);
    if (mutex) {
        taken = mutex->taken_clock;
        previous = mutex->previous_clock;
    }
    mutex_pc = rl_released(t, m);
    if (o)
        atomic_fetch_add(&o->waiting, 1);
    rl_wait_begin(t, RECORD_WAIT, c, pc, deadline);
    t->wait_taken = taken;
    t->wait_previous = previous;
    t->wait_mutex_pc = mutex_pc;
    t->wait_mutex = (uint64_t)(uintptr_t)m;
    return o;
}

static void after(struct record_thread *t, struct record_object *o,
                  pthread_mutex_t *m, uintptr_t pc)
{
    uint64_t old;
    uint64_t new;

    rl_wait_end(t);
    if (o) {
        old = atomic_load(&o->waiting);
        do {
            uint32_t waiting = WAITING(old) ? WAITING(old) - 1 : 0;
            uint32_t reached = REACHED(old) ? REACHED(old) - 1 : 0;

            new = word(waiting, reached < waiting ? reached : waiting);
        } while (!atomic_compare_exchange_weak(&o->waiting, &old, new));
        if (REACHED(old))
            atomic_fetch_add(&o->woken, 1);
    }
    rl_taken(t, m, RECORD_MUTEX, false, RL_BLOCKING, pc);
}

int __wrap_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *a)
{
    int err;

    rl_enter(PC);
    rl_forget(c, RECORD_CONDITION);
    err = __real_pthread_cond_init(c, a);
    rl_leave();
    return err;
}

int __wrap_pthread_cond_destroy(pthread_cond_t *c)
{
    int err;

    rl_enter(PC);
    err = __real_pthread_cond_destroy(c);
    rl_leave();
    return err;
}

int rl_cond_wait(pthread_cond_t *c, pthread_mutex_t *m, uintptr_t pc)
{
    struct record_thread *t = rl_enter(pc);
    struct record_object *o = before(t, c, m, pc, false);
    int err = __real_pthread_cond_wait(c, m);

    after(t, o, m, pc);
    rl_leave();
    return err;
}

int rl_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                      const struct timespec *until, uintptr_t pc)
{
    struct record_thread *t = rl_enter(pc);
    struct record_object *o = before(t, c, m, pc, true);
    int err = __real_pthread_cond_timedwait(c, m, until);

    after(t, o, m, pc);
    rl_leave();
    return err;
}

int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    return rl_cond_wait(c, m, PC);
}

int __wrap_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                                  const struct timespec *until)
{
    return rl_cond_timedwait(c, m, until, PC);
}

int __wrap_pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m,
                                  clockid_t clock, const struct timespec *until)
{
    uintptr_t pc = PC;
    struct record_thread *t = rl_enter(pc);
    struct record_object *o = before(t, c, m, pc, true);
    int err = __real_pthread_cond_clockwait(c, m, clock, until);

    after(t, o, m, pc);
    rl_leave();
    return err;
}

static void note_wake(struct record_thread *t, pthread_cond_t *c, bool all,
                      uintptr_t pc)
{
    struct record_object *o = t ? rl_object(c, RECORD_CONDITION) : NULL;
    uint64_t old;
    uint64_t new;

    if (!o)
        return;
    old = atomic_load(&o->waiting);
    do {
        uint32_t waiting = WAITING(old);
        uint32_t reached = REACHED(old);

        if (reached < waiting)
            reached = all ? waiting : reached + 1;
        new = word(waiting, reached);
    } while (!atomic_compare_exchange_weak(&o->waiting, &old, new));
    if (old == new) {
        o->lost_thread = rl_slot(t);
        o->lost_pc = pc;
        atomic_store(&o->lost_clock, rl_tick());
    } else if (!all && WAITING(old) - REACHED(old) > 1) {
        o->chosen_of = WAITING(old) - REACHED(old);
        o->chosen_thread = rl_slot(t);
        o->chosen_pc = pc;
    }
}

int rl_cond_wake(pthread_cond_t *c, bool all, uintptr_t pc)
{
    struct record_thread *t = rl_enter(pc);
    int err;

    note_wake(t, c, all, pc);
    err =
        all ? __real_pthread_cond_broadcast(c) : __real_pthread_cond_signal(c);
    rl_leave();
    return err;
}

int __wrap_pthread_cond_signal(pthread_cond_t *c)
{
    return rl_cond_wake(c, false, PC);
}

int __wrap_pthread_cond_broadcast(pthread_cond_t *c)
{
    return rl_cond_wake(c, true, PC);
}

/*
 * Each primitive's model, a call at a time: results as POSIX has them, who is
 * blocked, what is found. Prints what is wrong, and how many checks held.
 */
#include "../../../tools/explore/model/model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rl_world *w;
static struct rl_effect effect;
static unsigned checks, failures;

static void is(long got, long expected, int line)
{
    checks++;
    if (got == expected)
        return;
    failures++;
    printf("line %d: %ld, expected %ld\n", line, got, expected);
}
#define IS(got, expected) is((long)(got), (long)(expected), __LINE__)

static void fresh(struct rl_budget budget, unsigned nthreads)
{
    struct rl_step create = rl_step(RL_CREATE);

    free(w);
    w = rl_world_init(malloc(rl_world_bytes(64)), 64, budget);
    for (unsigned i = 1; i < nthreads; i++) {
        rl_post(w, 0, &create);
        rl_apply(w, 0, RL_GO, &effect);
        rl_apply(w, effect.child, RL_GO, &effect);
    }
}

static void post(unsigned t, enum rl_op op, enum rl_class class, uint64_t key,
                 unsigned kind, int64_t arg)
{
    struct rl_step s = rl_step(op);

    s.arg = arg;
    if (class != RL_NO_CLASS)
        rl_ref(w, &s, class, key, kind);
    rl_post(w, t, &s);
}

static int go(unsigned t, unsigned choice)
{
    if (!(rl_choices(w, t) & RL_BIT(choice)))
        return -1000;
    rl_apply(w, t, choice, &effect);
    return effect.result;
}

/* Posts and carries out: the result, or -1000 where it is blocked. */
static int call(unsigned t, enum rl_op op, enum rl_class class, uint64_t key)
{
    post(t, op, class, key, 0, 0);
    return go(t, RL_GO);
}

static void wait_on(unsigned t, enum rl_op op, uint64_t cond, uint64_t mutex,
                    int64_t deadline)
{
    struct rl_step s = rl_step(op);

    rl_ref(w, &s, RL_COND, cond, 0);
    rl_ref(w, &s, RL_MUTEX, mutex, 0);
    s.arg = deadline;
    rl_post(w, t, &s);
}

static unsigned found(void)
{
    return effect.nfindings ? effect.findings[0].kind : RL_FINE;
}

static void mutexes(void)
{
    fresh((struct rl_budget){0}, 3);
    IS(call(0, RL_MUTEX_LOCK, RL_MUTEX, 1), 0);
    IS(call(1, RL_MUTEX_TRYLOCK, RL_MUTEX, 1), EBUSY);
    IS(call(1, RL_MUTEX_LOCK, RL_MUTEX, 1), -1000);
    IS(rl_waits_for(w, 1), RL_BIT(0));
    IS(call(2, RL_MUTEX_DESTROY, RL_MUTEX, 1), EBUSY);
    IS(found(), RL_BAD_DESTROY_LOCKED);
    IS(call(0, RL_MUTEX_UNLOCK, RL_MUTEX, 1), 0);
    IS(go(1, RL_GO), 0);
    IS(call(2, RL_MUTEX_UNLOCK, RL_MUTEX, 1), 0);
    IS(found(), RL_BAD_UNLOCK_OTHER);
    IS(call(2, RL_MUTEX_UNLOCK, RL_MUTEX, 1), 0);
    IS(found(), RL_BAD_UNLOCK_FREE);
    IS(call(2, RL_MUTEX_DESTROY, RL_MUTEX, 1), 0);
    IS(call(2, RL_MUTEX_LOCK, RL_MUTEX, 1), EINVAL);
    IS(found(), RL_USE_DESTROYED);
}

static void mutex_kinds(void)
{
    fresh((struct rl_budget){0}, 2);
    post(0, RL_MUTEX_INIT, RL_MUTEX, 1, RL_RECURSIVE, 0);
    go(0, RL_GO);
    IS(call(0, RL_MUTEX_LOCK, RL_MUTEX, 1), 0);
    IS(call(0, RL_MUTEX_TRYLOCK, RL_MUTEX, 1), 0);
    IS(call(0, RL_MUTEX_UNLOCK, RL_MUTEX, 1), 0);
    IS(call(1, RL_MUTEX_TRYLOCK, RL_MUTEX, 1), EBUSY);
    IS(call(1, RL_MUTEX_UNLOCK, RL_MUTEX, 1), EPERM);
    IS(call(0, RL_MUTEX_UNLOCK, RL_MUTEX, 1), 0);
    IS(call(1, RL_MUTEX_TRYLOCK, RL_MUTEX, 1), 0);
    post(0, RL_MUTEX_INIT, RL_MUTEX, 2, RL_ERRORCHECK, 0);
    go(0, RL_GO);
    IS(call(0, RL_MUTEX_LOCK, RL_MUTEX, 2), 0);
    IS(call(0, RL_MUTEX_LOCK, RL_MUTEX, 2), EDEADLK);
    IS(call(0, RL_MUTEX_TRYLOCK, RL_MUTEX, 2), EBUSY);
    post(0, RL_MUTEX_LOCK, RL_MUTEX, 3, 0, 0);
    IS(go(0, RL_GO), 0);
    IS(call(0, RL_MUTEX_LOCK, RL_MUTEX, 3), -1000);
    IS(rl_waits_for(w, 0), RL_BIT(0));
}

static void robust(void)
{
    fresh((struct rl_budget){0}, 3);
    post(1, RL_MUTEX_LOCK, RL_MUTEX, 1, RL_ROBUST, 0);
    IS(go(1, RL_GO), 0);
    post(2, RL_MUTEX_LOCK, RL_MUTEX, 1, RL_ROBUST, 0);
    IS(rl_choices(w, 2), 0);
    post(1, RL_END, RL_NO_CLASS, 0, 0, 0);
    IS(w->threads[1].pending.op, RL_ABANDON);
    IS(go(1, RL_GO), 0);
    IS(effect.done, 0);
    IS(go(1, RL_GO), 0);
    IS(go(2, RL_GO), EOWNERDEAD);
    IS(call(2, RL_MUTEX_CONSISTENT, RL_MUTEX, 1), 0);
    IS(call(2, RL_MUTEX_UNLOCK, RL_MUTEX, 1), 0);
    IS(call(2, RL_MUTEX_LOCK, RL_MUTEX, 1), 0);
    post(2, RL_END, RL_NO_CLASS, 0, 0, 0);
    go(2, RL_GO);
    go(2, RL_GO);
    IS(call(0, RL_MUTEX_LOCK, RL_MUTEX, 1), EOWNERDEAD);
    IS(call(0, RL_MUTEX_UNLOCK, RL_MUTEX, 1), 0);
    IS(call(0, RL_MUTEX_LOCK, RL_MUTEX, 1), ENOTRECOVERABLE);
}

static void conditions(void)
{
    fresh((struct rl_budget){.spurious = 1}, 3);
    for (unsigned t = 1; t <= 2; t++) {
        IS(call(t, RL_MUTEX_LOCK, RL_MUTEX, 1), 0);
        wait_on(t, RL_COND_WAIT, 1, 1, 0);
        IS(rl_choices(w, t), RL_BIT(RL_GO) | RL_BIT(RL_SPURIOUS));
        go(t, RL_GO);
        IS(effect.done, 0);
        IS(rl_choices(w, t), 0);
    }
    post(0, RL_COND_SIGNAL, RL_COND, 1, 0, 0);
    IS(rl_choices(w, 0), RL_BIT(1) | RL_BIT(2));
    go(0, 2);
    IS(effect.woke, RL_BIT(2));
    IS(call(0, RL_MUTEX_LOCK, RL_MUTEX, 1), 0);
    go(2, RL_GO);
    IS(rl_choices(w, 2), 0);
    IS(rl_waits_for(w, 2), RL_BIT(0));
    IS(call(0, RL_COND_DESTROY, RL_COND, 1), 0);
    IS(found(), RL_BAD_DESTROY_WAITED);
    IS(call(0, RL_MUTEX_UNLOCK, RL_MUTEX, 1), 0);
    IS(go(2, RL_GO), 0);
    IS(effect.done, 1);
    wait_on(2, RL_COND_WAIT, 2, 1, 0);
    go(2, RL_SPURIOUS);
    IS(w->threads[2].pending.op, RL_COND_RELOCK);
    IS(go(2, RL_GO), 0);
    wait_on(2, RL_COND_WAIT, 2, 1, 0);
    IS(rl_choices(w, 2), RL_BIT(RL_GO));
    post(0, RL_COND_SIGNAL, RL_COND, 2, 0, 0);
    IS(go(0, RL_NOBODY), 0);
    IS(found(), RL_LOST_SIGNAL);
    wait_on(0, RL_COND_WAIT, 2, 1, 0);
    IS(go(0, RL_GO), EPERM);
    IS(found(), RL_WAIT_UNLOCKED);
}

static void timed(void)
{
    fresh((struct rl_budget){.early = 1}, 3);
    IS(call(1, RL_MUTEX_LOCK, RL_MUTEX, 1), 0);
    wait_on(1, RL_COND_TIMEDWAIT, 1, 1, 100);
    go(1, RL_GO);
    post(2, RL_SEM_INIT, RL_SEM, 1, 0, 0);
    go(2, RL_GO);
    post(2, RL_SEM_TIMEDWAIT, RL_SEM, 1, 0, 50);
    post(0, RL_YIELD, RL_NO_CLASS, 0, 0, 0);
    /* main could go on: only early */
    IS(rl_choices(w, 1), RL_BIT(RL_EARLY));
    IS(rl_choices(w, 2), RL_BIT(RL_EARLY));
    post(0, RL_JOIN, RL_NO_CLASS, 0, 0, 1);
    IS(rl_choices(w, 1), RL_BIT(RL_EARLY));
    IS(rl_choices(w, 2), RL_BIT(RL_EARLY) | RL_BIT(RL_TIMEOUT));
    IS(go(1, RL_EARLY), 0);
    IS(w->now, 100);
    IS(rl_choices(w, 2), RL_BIT(RL_TIMEOUT));
    IS(go(2, RL_TIMEOUT), ETIMEDOUT);
    IS(go(1, RL_GO), ETIMEDOUT);
    IS(w->threads[1].early, 0);
    post(2, RL_SLEEP, RL_NO_CLASS, 0, 0, 20);
    go(2, RL_GO);
    post(1, RL_MUTEX_TIMEDLOCK, RL_MUTEX, 2, 0, 0);
    IS(rl_choices(w, 1), RL_BIT(RL_GO));
    post(1, RL_SEM_WAIT, RL_SEM, 1, 0, 0);
    IS(rl_choices(w, 2), RL_BIT(RL_EARLY) | RL_BIT(RL_TIMEOUT));
    go(2, RL_TIMEOUT);
    IS(w->now, 120);
    call(2, RL_CLOCK_READ, RL_NO_CLASS, 0);
    IS(effect.value, 120);
}

static void rwlocks(void)
{
    fresh((struct rl_budget){0}, 4);
    IS(call(0, RL_RW_RDLOCK, RL_RWLOCK, 1), 0);
    IS(call(1, RL_RW_RDLOCK, RL_RWLOCK, 1), 0);
    IS(call(2, RL_RW_TRYWRLOCK, RL_RWLOCK, 1), EBUSY);
    IS(call(2, RL_RW_WRLOCK, RL_RWLOCK, 1), -1000);
    IS(rl_waits_for(w, 2), RL_BIT(0) | RL_BIT(1));
    IS(call(3, RL_RW_TRYRDLOCK, RL_RWLOCK, 1), 0);
    IS(call(3, RL_RW_UNLOCK, RL_RWLOCK, 1), 0);
    IS(call(0, RL_RW_UNLOCK, RL_RWLOCK, 1), 0);
    IS(call(1, RL_RW_UNLOCK, RL_RWLOCK, 1), 0);
    IS(go(2, RL_GO), 0);
    IS(call(2, RL_RW_RDLOCK, RL_RWLOCK, 1), EDEADLK);
    IS(call(0, RL_RW_RDLOCK, RL_RWLOCK, 1), -1000);
    IS(call(1, RL_RW_UNLOCK, RL_RWLOCK, 1), EPERM);
    IS(found(), RL_BAD_UNLOCK_OTHER);
    /* a waiting writer holds readers off, and so a reader itself */
    post(1, RL_RW_RDLOCK, RL_RWLOCK, 2, RL_PREFER_WRITER, 0);
    IS(go(1, RL_GO), 0);
    post(3, RL_RW_WRLOCK, RL_RWLOCK, 2, RL_PREFER_WRITER, 0);
    go(3, RL_GO);
    IS(effect.done, 0);
    IS(call(1, RL_RW_RDLOCK, RL_RWLOCK, 2), -1000);
    uint8_t circle[RL_THREADS];
    IS(rl_cycle(w, circle), 2);
    IS(call(1, RL_RW_TRYRDLOCK, RL_RWLOCK, 2), EBUSY);
    IS(call(1, RL_RW_UNLOCK, RL_RWLOCK, 2), 0);
    IS(go(3, RL_GO), 0);
    IS(effect.done, 1);
}

static void others(void)
{
    int serial = 0;

    fresh((struct rl_budget){.weak = 1}, 3);
    post(0, RL_BARRIER_INIT, RL_BARRIER, 1, 0, 3);
    go(0, RL_GO);
    for (unsigned t = 0; t < 3; t++)
        IS(call(t, RL_BARRIER_ARRIVE, RL_BARRIER, 1), 0);
    IS(rl_choices(w, 1), 0);
    IS(rl_choices(w, 0), RL_BIT(0) | RL_BIT(1) | RL_BIT(2));
    serial += go(0, 1) == RL_SERIAL_THREAD;
    IS(serial, 0);
    IS(go(2, RL_GO), 0);
    IS(go(1, RL_GO), RL_SERIAL_THREAD);
    IS(call(0, RL_SEM_TRYWAIT, RL_SEM, 1), EAGAIN);
    IS(call(0, RL_SEM_WAIT, RL_SEM, 1), -1000);
    IS(call(1, RL_SEM_POST, RL_SEM, 1), 0);
    call(1, RL_SEM_GETVALUE, RL_SEM, 1);
    IS(effect.value, 1);
    IS(go(0, RL_GO), 0);
    IS(call(0, RL_ONCE_ENTER, RL_ONCE, 1), 0);
    IS(effect.value, 1);
    IS(call(1, RL_ONCE_ENTER, RL_ONCE, 1), -1000);
    IS(rl_waits_for(w, 1), RL_BIT(0));
    call(0, RL_ONCE_DONE, RL_ONCE, 1);
    IS(go(1, RL_GO), 0);
    IS(effect.value, 0);
    IS(call(0, RL_SPIN_LOCK, RL_SPIN, 1), 0);
    IS(call(1, RL_SPIN_TRYLOCK, RL_SPIN, 1), EBUSY);
    IS(call(1, RL_SPIN_LOCK, RL_SPIN, 1), -1000);
    post(1, RL_ATOMIC_CAS_WEAK, RL_ATOMIC, 1, 0, 0);
    IS(rl_choices(w, 1), RL_BIT(RL_GO) | RL_BIT(RL_WEAK_FAIL));
    go(1, RL_WEAK_FAIL);
    post(1, RL_ATOMIC_CAS_WEAK, RL_ATOMIC, 1, 0, 0);
    IS(rl_choices(w, 1), RL_BIT(RL_GO));
}

static void polls(void)
{
    struct rl_step park = rl_step(RL_PARK);

    fresh((struct rl_budget){0}, 2);
    call(0, RL_ATOMIC_LOAD, RL_ATOMIC, 1);
    rl_ref(w, &park, RL_ATOMIC, 1, 0);
    park.arg = rl_versions(w, &park);
    rl_post(w, 0, &park);
    IS(rl_choices(w, 0), 0);
    post(1, RL_ATOMIC_STORE, RL_ATOMIC, 1, 0, 0);
    w->threads[1].pending.flags |= RL_NO_CHANGE;
    go(1, RL_GO);
    IS(rl_choices(w, 0), 0);
    call(1, RL_ATOMIC_STORE, RL_ATOMIC, 1);
    IS(rl_choices(w, 0), RL_BIT(RL_GO));
}

static void threads(void)
{
    uint8_t circle[RL_THREADS];

    fresh((struct rl_budget){0}, 4);
    post(0, RL_JOIN, RL_NO_CLASS, 0, 0, 1);
    IS(rl_choices(w, 0), 0);
    IS(rl_waits_for(w, 0), RL_BIT(1));
    post(1, RL_JOIN, RL_NO_CLASS, 0, 0, 0);
    IS(rl_cycle(w, circle), 2);
    post(2, RL_JOIN, RL_NO_CLASS, 0, 0, 2);
    IS(go(2, RL_GO), EDEADLK);
    IS(found(), RL_SELF_JOIN);
    call(2, RL_MUTEX_LOCK, RL_MUTEX, 1);
    post(2, RL_END, RL_NO_CLASS, 0, 0, 0);
    go(2, RL_GO);
    IS(found(), RL_LOCK_LEAK);
    post(3, RL_TRYJOIN, RL_NO_CLASS, 0, 0, 1);
    IS(go(3, RL_GO), EBUSY);
    post(3, RL_JOIN, RL_NO_CLASS, 0, 0, 2);
    IS(go(3, RL_GO), 0);
    post(3, RL_JOIN, RL_NO_CLASS, 0, 0, 2);
    IS(go(3, RL_GO), EINVAL);
    IS(found(), RL_BAD_JOIN);
    post(3, RL_EXIT, RL_NO_CLASS, 0, 0, 7);
    go(3, RL_GO);
    IS(w->exit_code, 7);
    IS(rl_enabled(w), 0);
}

static void cancellation(void)
{
    struct rl_step s = rl_step(RL_COND_WAIT);

    fresh((struct rl_budget){0}, 2);
    call(1, RL_MUTEX_LOCK, RL_MUTEX, 1);
    rl_ref(w, &s, RL_COND, 1, 0);
    rl_ref(w, &s, RL_MUTEX, 1, 0);
    s.flags = RL_CANCEL_POINT;
    rl_post(w, 1, &s);
    go(1, RL_GO);
    post(0, RL_CANCEL, RL_NO_CLASS, 0, 0, 1);
    IS(go(0, RL_GO), 0);
    IS(rl_choices(w, 1), RL_BIT(RL_CANCELLED));
    go(1, RL_CANCELLED);
    IS(effect.done, 0);
    go(1, RL_GO);
    IS(effect.cancelled, 1);
    IS(w->objects[w->threads[1].held[0].id].class, RL_MUTEX);
    /* off when it comes to the point: none */
    fresh((struct rl_budget){0}, 2);
    rl_cancel_off(w, 1, true);
    s = rl_step(RL_TEST_CANCEL);
    s.flags = RL_CANCEL_POINT;
    rl_post(w, 1, &s);
    post(0, RL_CANCEL, RL_NO_CLASS, 0, 0, 1);
    go(0, RL_GO);
    IS(rl_choices(w, 1), RL_BIT(RL_GO));
}

int main(void)
{
    mutexes();
    mutex_kinds();
    robust();
    conditions();
    timed();
    rwlocks();
    others();
    polls();
    threads();
    cancellation();
    printf("%u of %u checks hold\n", checks - failures, checks);
    free(w);
    return failures != 0;
}

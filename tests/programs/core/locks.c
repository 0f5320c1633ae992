/*
 * Locks that deadlock for certain, and their twins that do not. A barrier
 * sees to it that each thread has its first lock before any wants a second.
 */
#include "mode.h"

#include <pthread.h>
#include <time.h>

struct account {
    long balance;
    pthread_mutex_t lock;
};

static struct account accounts[3] = {
    {1, PTHREAD_MUTEX_INITIALIZER},
    {2, PTHREAD_MUTEX_INITIALIZER},
    {3, PTHREAD_MUTEX_INITIALIZER},
};
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_barrier_t ready;

static void lock(int i)
{
    pthread_mutex_lock(&accounts[i].lock);
}

static void unlock(int i)
{
    pthread_mutex_unlock(&accounts[i].lock);
}

static int self(void)
{
    pthread_mutex_lock(&gate);
    pthread_mutex_lock(&gate);
    return 0;
}

static int recursive(void)
{
    pthread_mutexattr_t kind;
    pthread_mutex_t twice;

    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&twice, &kind);
    pthread_mutex_lock(&twice);
    pthread_mutex_lock(&twice);
    pthread_mutex_unlock(&twice);
    pthread_mutex_unlock(&twice);
    return 0;
}

static int upgrade(void)
{
    pthread_rwlock_rdlock(&table);
    pthread_rwlock_wrlock(&table);
    return 0;
}

static void *a_then_b(void *arg)
{
    lock(0);
    pthread_barrier_wait(&ready);
    lock(1);
    unlock(1);
    unlock(0);
    return arg;
}

static void *b_then_a(void *arg)
{
    lock(1);
    pthread_barrier_wait(&ready);
    lock(0);
    unlock(0);
    unlock(1);
    return arg;
}

static int two(void *(*first)(void *), void *(*second)(void *))
{
    pthread_t threads[2];

    pthread_barrier_init(&ready, NULL, 2);
    pthread_create(&threads[0], NULL, first, NULL);
    pthread_create(&threads[1], NULL, second, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}

static int abba(void)
{
    return two(a_then_b, b_then_a);
}

static void *forward(void *arg)
{
    lock(0);
    lock(1);
    unlock(1);
    unlock(0);
    return arg;
}

static void *backward(void *arg)
{
    lock(1);
    lock(0);
    unlock(0);
    unlock(1);
    return arg;
}

static int abab(void)
{
    return two(forward, forward);
}

static void *late(void *arg)
{
    pthread_barrier_wait(&ready);
    return backward(arg);
}

static void *early(void *arg)
{
    forward(arg);
    pthread_barrier_wait(&ready);
    return arg;
}

/* Both orders, but by luck (here: a barrier) never at one time. */
static int inversion(void)
{
    return two(early, late);
}

static void *gated_forward(void *arg)
{
    pthread_mutex_lock(&gate);
    forward(arg);
    pthread_mutex_unlock(&gate);
    return arg;
}

static void *gated_backward(void *arg)
{
    pthread_mutex_lock(&gate);
    backward(arg);
    pthread_mutex_unlock(&gate);
    return arg;
}

static int gated(void)
{
    return two(gated_forward, gated_backward);
}

/* One after the other by join: the orders never meet. */
static int joined(void)
{
    pthread_t thread;

    forward(NULL);
    pthread_create(&thread, NULL, backward, NULL);
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, forward, NULL);
    pthread_join(thread, NULL);
    return 0;
}

static void *back_off(void *arg)
{
    for (;;) {
        lock(1);
        if (pthread_mutex_trylock(&accounts[0].lock) == 0)
            break;
        unlock(1);
    }
    unlock(0);
    unlock(1);
    return arg;
}

static int trylock(void)
{
    return two(forward, back_off);
}

static void *philosopher(void *arg)
{
    int i = (int)(long)arg;

    lock(i);
    pthread_barrier_wait(&ready);
    lock((i + 1) % 3);
    unlock((i + 1) % 3);
    unlock(i);
    return NULL;
}

static int three(void)
{
    pthread_t threads[3];

    pthread_barrier_init(&ready, NULL, 3);
    for (long i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, philosopher, (void *)i);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    return 0;
}

static void *wants(void *arg)
{
    lock(0);
    unlock(0);
    return arg;
}

/* main holds what the thread it joins wants. */
static int join_holding(void)
{
    pthread_t thread;

    lock(0);
    pthread_create(&thread, NULL, wants, NULL);
    pthread_join(thread, NULL);
    unlock(0);
    return 0;
}

static void start(void)
{
    pthread_once(&once, start);
}

static int once_again(void)
{
    return pthread_once(&once, start);
}

static void *tick(void *arg)
{
    const struct timespec moment = {0, 1000000};

    for (;;)
        nanosleep(&moment, NULL);
    return arg;
}

/* A deadlock beside a thread that goes on. */
static int ticking(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, tick, NULL);
    return abba();
}

static void *keeps(void *arg)
{
    lock(2);
    return arg;
}

static int leak(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, keeps, NULL);
    pthread_join(thread, NULL);
    return 0;
}

/* The lock of an ended thread is wanted. */
static int leak_hang(void)
{
    leak();
    lock(2);
    return 0;
}

static void *exits(void *arg)
{
    lock(2);
    unlock(2);
    pthread_exit(arg);
}

static int no_leak(void)
{
    return two(exits, exits);
}

int main(int argc, char **argv)
{
    static const struct mode modes[] = {
        {"self", self},
        {"recursive", recursive},
        {"upgrade", upgrade},
        {"abba", abba},
        {"abab", abab},
        {"inversion", inversion},
        {"gated", gated},
        {"joined", joined},
        {"trylock", trylock},
        {"three", three},
        {"join-holding", join_holding},
        {"once-again", once_again},
        {"ticking", ticking},
        {"leak", leak},
        {"leak-hang", leak_hang},
        {"no-leak", no_leak},
        {NULL, NULL},
    };

    return run_mode(modes, argc, argv);
}

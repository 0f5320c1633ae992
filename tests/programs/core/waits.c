/*
 * Waiting: for what never comes, for what came too early, and for what comes
 * in time. Orders are forced by join and semaphores, never by time.
 */
#include "mode.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static sem_t tokens;
static pthread_barrier_t all;
static int items;

static void *announce(void *arg)
{
    pthread_mutex_lock(&lock);
    items++;
    pthread_cond_signal(&ready);
    pthread_mutex_unlock(&lock);
    return arg;
}

static void *wait_for_item(void *arg)
{
    pthread_mutex_lock(&lock);
    sem_post(&tokens);
    while (items == 0)
        pthread_cond_wait(&ready, &lock);
    pthread_mutex_unlock(&lock);
    return arg;
}

static void run(void *(*start)(void *))
{
    pthread_t thread;

    pthread_create(&thread, NULL, start, NULL);
    pthread_join(thread, NULL);
}

/* The signal comes first; the wait does not ask whether it had to. */
static int lost(void)
{
    run(announce);
    pthread_mutex_lock(&lock);
    pthread_cond_wait(&ready, &lock);
    pthread_mutex_unlock(&lock);
    return 0;
}

static int remembered(void)
{
    run(announce);
    pthread_mutex_lock(&lock);
    while (items == 0)
        pthread_cond_wait(&ready, &lock);
    pthread_mutex_unlock(&lock);
    return 0;
}

/* The signal found nobody, but its item was taken: the next wait is for one
 * that nobody brings. No lost wakeup. */
static int starved(void)
{
    run(announce);
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&lock);
        while (items == 0)
            pthread_cond_wait(&ready, &lock);
        items--;
        pthread_mutex_unlock(&lock);
    }
    return 0;
}

static void *announce_unlocked(void *arg)
{
    items++;
    pthread_cond_signal(&ready);
    return arg;
}

/* The signal comes between the look and the wait: its thread ignores the
 * mutex. */
static int between(void)
{
    pthread_mutex_lock(&lock);
    if (items == 0) {
        run(announce_unlocked);
        pthread_cond_wait(&ready, &lock);
    }
    pthread_mutex_unlock(&lock);
    return 0;
}

/* One condition for two purposes: the last signal says that there is room,
 * finds nobody, and has nothing to do with what main waits for. */
static void *serve_one(void *arg)
{
    pthread_mutex_lock(&lock);
    while (items == 0)
        pthread_cond_wait(&ready, &lock);
    pthread_cond_signal(&ready);
    pthread_mutex_unlock(&lock);
    return arg;
}

static int two_purposes(void)
{
    pthread_t thread;

    sem_init(&tokens, 0, 0);
    pthread_create(&thread, NULL, wait_for_item, NULL);
    sem_wait(&tokens);
    announce(NULL);
    pthread_join(thread, NULL);
    run(serve_one);
    pthread_mutex_lock(&lock);
    while (items != 0)
        pthread_cond_wait(&ready, &lock);
    pthread_mutex_unlock(&lock);
    return 0;
}

static void *take_token(void *arg)
{
    sem_wait(&tokens);
    return arg;
}

static int no_token(void)
{
    sem_init(&tokens, 0, 0);
    run(take_token);
    return 0;
}

static int token(void)
{
    sem_init(&tokens, 0, 1);
    run(take_token);
    return 0;
}

static void *arrive(void *arg)
{
    pthread_barrier_wait(&all);
    return arg;
}

static int meet(unsigned needed)
{
    pthread_t threads[2];

    pthread_barrier_init(&all, NULL, needed);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, arrive, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return 0;
}

static int barrier_of_three(void)
{
    return meet(3);
}

static int barrier_of_two(void)
{
    return meet(2);
}

/* Two wait, one signal. */
static int signal_one(void)
{
    pthread_t threads[2];

    sem_init(&tokens, 0, 0);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, wait_for_item, NULL);
    sem_wait(&tokens);
    sem_wait(&tokens);
    announce(NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return 0;
}

/* Nobody moves for a while, then main does: time is no standstill. */
static int sleeper(void)
{
    const struct timespec moment = {0, 300000000};
    pthread_t thread;

    sem_init(&tokens, 0, 0);
    pthread_create(&thread, NULL, wait_for_item, NULL);
    nanosleep(&moment, NULL);
    announce(NULL);
    pthread_join(thread, NULL);
    return 0;
}

static int timed(void)
{
    struct timespec until;
    int err = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 300000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&lock);
    while (!err)
        err = pthread_cond_timedwait(&ready, &lock, &until);
    pthread_mutex_unlock(&lock);
    return 0;
}

static sem_t ball[2];

static void *play(void *arg)
{
    long me = (long)arg;

    for (int i = 0; i < 20000; i++) {
        sem_wait(&ball[me]);
        sem_post(&ball[1 - me]);
    }
    return NULL;
}

/* Whenever one looks, nearly everybody waits; but they never stop. */
static int ping_pong(void)
{
    pthread_t threads[2];

    sem_init(&ball[0], 0, 1);
    sem_init(&ball[1], 0, 0);
    for (long i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, play, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return 0;
}

static void on_alarm(int number)
{
    (void)number;
    sem_post(&tokens);
}

static int alarmed(void)
{
    sem_init(&tokens, 0, 0);
    signal(SIGALRM, on_alarm);
    alarm(1);
    while (sem_wait(&tokens))
        ;
    return 0;
}

static int timer_file(void)
{
    const struct itimerspec soon = {{0, 0}, {0, 300000000}};
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    uint64_t times;

    timerfd_settime(fd, 0, &soon, NULL);
    return read(fd, &times, sizeof times) == sizeof times ? 0 : 1;
}

static int busy(void)
{
    for (volatile int i = 0;; i++)
        ;
}

static mtx_t mutex;
static cnd_t changed;

static int c11_worker(void *arg)
{
    (void)arg;
    mtx_lock(&mutex);
    items++;
    cnd_signal(&changed);
    mtx_unlock(&mutex);
    return 7;
}

static int c11(void)
{
    thrd_t threads[4];
    int sum = 0;

    mtx_init(&mutex, mtx_plain);
    cnd_init(&changed);
    for (int i = 0; i < 4; i++)
        thrd_create(&threads[i], c11_worker, NULL);
    mtx_lock(&mutex);
    while (items < 4)
        cnd_wait(&changed, &mutex);
    mtx_unlock(&mutex);
    for (int i = 0; i < 4; i++) {
        int result;

        thrd_join(threads[i], &result);
        sum += result;
    }
    printf("%d %d\n", items, sum);
    return 0;
}

static int c11_hang(void *arg)
{
    (void)arg;
    mtx_lock(&mutex);
    mtx_lock(&mutex);
    return 0;
}

static int c11_self(void)
{
    thrd_t thread;

    mtx_init(&mutex, mtx_plain);
    thrd_create(&thread, c11_hang, NULL);
    thrd_join(thread, NULL);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct mode modes[] = {
        {"lost", lost},
        {"remembered", remembered},
        {"starved", starved},
        {"between", between},
        {"two-purposes", two_purposes},
        {"no-token", no_token},
        {"token", token},
        {"barrier-of-three", barrier_of_three},
        {"barrier-of-two", barrier_of_two},
        {"signal-one", signal_one},
        {"sleeper", sleeper},
        {"timed", timed},
        {"ping-pong", ping_pong},
        {"alarmed", alarmed},
        {"timer-file", timer_file},
        {"busy", busy},
        {"c11", c11},
        {"c11-self", c11_self},
        {NULL, NULL},
    };

    return run_mode(modes, argc, argv);
}

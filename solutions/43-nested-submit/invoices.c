/*
 * A small pool that adds up invoices.  Each order is a task; it has its freight
 * worked out by a task of its own, and adds up the goods meanwhile.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORKERS = 8, MAX_ORDERS = 40 };

struct task {
    long (*run)(int order);
    int order, done;
    long result;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the rest */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct task *queue[2 * MAX_ORDERS];
static int put, taken, closed;

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "invoices: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

static void pool_submit(struct task *task)
{
    check(pthread_mutex_lock(&lock), "lock");
    queue[put++] = task;
    check(pthread_cond_broadcast(&changed), "broadcast");
    check(pthread_mutex_unlock(&lock), "unlock");
}

/* Runs the next task of the queue.  The caller holds the lock. */
static void run_next(void)
{
    struct task *task = queue[taken++];

    check(pthread_mutex_unlock(&lock), "unlock");
    task->result = task->run(task->order);
    check(pthread_mutex_lock(&lock), "lock");
    task->done = 1;
    check(pthread_cond_broadcast(&changed), "broadcast");
}

/* What came of the task, as soon as it is done. */
static long pool_result(struct task *task)
{
    check(pthread_mutex_lock(&lock), "lock");
    while (!task->done) {
        if (taken < put) {
            run_next();
        } else {
            check(pthread_cond_wait(&changed, &lock), "wait");
        }
    }
    check(pthread_mutex_unlock(&lock), "unlock");
    return task->result;
}

static void *work(void *unused)
{
    check(pthread_mutex_lock(&lock), "lock");
    while (!closed) {
        if (taken < put) {
            run_next();
        } else {
            check(pthread_cond_wait(&changed, &lock), "wait");
        }
    }
    check(pthread_mutex_unlock(&lock), "unlock");
    return unused;
}

static long goods(int order)
{
    return 1000L * order;
}

static long freight(int order)
{
    return 450 + order * 70 % 300;
}

static long invoice(int order)
{
    struct task parcel = {.run = freight, .order = order};
    long cents;

    pool_submit(&parcel);
    cents = goods(order);
    return cents + pool_result(&parcel);
}

int main(int argc, char **argv)
{
    static struct task tasks[MAX_ORDERS];
    pthread_t threads[MAX_WORKERS];
    int workers = argc > 1 ? atoi(argv[1]) : 2;
    int orders = argc > 2 ? atoi(argv[2]) : 4;
    long cents = 0;

    if (workers < 1 || workers > MAX_WORKERS || orders < 1 ||
        orders > MAX_ORDERS) {
        fprintf(stderr, "usage: invoices [WORKERS [ORDERS]]\n");
        return 2;
    }
    for (int i = 0; i < workers; i++) {
        check(pthread_create(&threads[i], NULL, work, NULL), "create");
    }
    for (int i = 0; i < orders; i++) {
        tasks[i] = (struct task){.run = invoice, .order = i + 1};
        pool_submit(&tasks[i]);
    }
    for (int i = 0; i < orders; i++) {
        cents += pool_result(&tasks[i]);
    }
    check(pthread_mutex_lock(&lock), "lock");
    closed = 1;
    check(pthread_cond_broadcast(&changed), "broadcast");
    check(pthread_mutex_unlock(&lock), "unlock");
    for (int i = 0; i < workers; i++) {
        check(pthread_join(threads[i], NULL), "join");
    }
    printf("%d orders, %ld cents\n", orders, cents);
    return 0;
}

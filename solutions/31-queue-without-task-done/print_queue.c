/*
 * A print queue with room for a few jobs.  main puts the jobs in, the printer
 * takes them out, and when all jobs are done main counts the sheets of paper.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_JOBS = 1000, MAX_CAPACITY = 100, NO_MORE = -1 };

static struct {
    pthread_mutex_t lock; /* guards all that follows */
    pthread_cond_t changed;
    int capacity, put, taken;
    int unfinished; /* jobs put and not yet reported done */
    int pages[MAX_CAPACITY];
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER,
           .changed = PTHREAD_COND_INITIALIZER};

static int handled, sheets; /* for main to read when all jobs are done */

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "print_queue: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

static void queue_put(int pages)
{
    check(pthread_mutex_lock(&queue.lock), "lock");
    while (queue.put - queue.taken == queue.capacity) {
        check(pthread_cond_wait(&queue.changed, &queue.lock), "wait");
    }
    queue.pages[queue.put++ % queue.capacity] = pages;
    queue.unfinished++;
    check(pthread_cond_broadcast(&queue.changed), "broadcast");
    check(pthread_mutex_unlock(&queue.lock), "unlock");
}

static int queue_get(void)
{
    int pages;

    check(pthread_mutex_lock(&queue.lock), "lock");
    while (queue.put == queue.taken) {
        check(pthread_cond_wait(&queue.changed, &queue.lock), "wait");
    }
    pages = queue.pages[queue.taken++ % queue.capacity];
    check(pthread_cond_broadcast(&queue.changed), "broadcast");
    check(pthread_mutex_unlock(&queue.lock), "unlock");
    return pages;
}

static void queue_task_done(void)
{
    check(pthread_mutex_lock(&queue.lock), "lock");
    queue.unfinished--;
    check(pthread_cond_broadcast(&queue.changed), "broadcast");
    check(pthread_mutex_unlock(&queue.lock), "unlock");
}

static void queue_join(void)
{
    check(pthread_mutex_lock(&queue.lock), "lock");
    while (queue.unfinished > 0) {
        check(pthread_cond_wait(&queue.changed, &queue.lock), "wait");
    }
    check(pthread_mutex_unlock(&queue.lock), "unlock");
}

static void *print_jobs(void *arg)
{
    int pages;

    (void)arg;
    while ((pages = queue_get()) != NO_MORE) {
        handled++;
        if (pages != 0) {
            sheets += 1 + pages; /* one for the owner's name */
        }
        queue_task_done();
    }
    return NULL;
}

/* The number in text, or 0 where it is not one from 1 to max. */
static int size(const char *text, int max)
{
    char *end;
    long number = strtol(text, &end, 10);

    return *end || number < 1 || number > max ? 0 : (int)number;
}

int main(int argc, char **argv)
{
    int jobs = argc > 1 ? size(argv[1], MAX_JOBS) : 50;
    pthread_t thread;

    queue.capacity = argc > 2 ? size(argv[2], MAX_CAPACITY) : 10;
    if (argc > 3 || jobs == 0 || queue.capacity == 0) {
        fprintf(stderr, "usage: print_queue [JOBS [CAPACITY]]\n");
        return 2;
    }
    check(pthread_create(&thread, NULL, print_jobs, NULL), "create");
    for (int i = 0; i < jobs; i++) {
        queue_put(i % 4);
    }
    queue_join();
    printf("all %d jobs completed\n", handled);
    printf("%d sheets\n", sheets);
    queue_put(NO_MORE);
    check(pthread_join(thread, NULL), "join");
    return handled == jobs ? 0 : 1;
}

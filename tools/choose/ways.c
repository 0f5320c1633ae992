/* The ways that need threads at most. */
#include "ways.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

uint64_t task_waited(const struct job *job, unsigned number)
{
    return job->amount + number;
}

uint64_t task_run(const struct job *job, unsigned number)
{
    uint64_t sum = number;

    if (job->waits) {
        struct timespec left = {job->amount / 1000,
                                job->amount % 1000 * 1000000L};

        while (nanosleep(&left, &left)) {
        }
        return task_waited(job, number);
    }
    for (uint64_t i = 0; i < job->amount * 1000ULL; i++) {
        sum += i * i;
        __asm__ volatile("" : "+r"(sum)); /* no formula instead of the loop */
    }
    return sum;
}

static bool way_nothing(const struct job *job, uint64_t *results)
{
    for (unsigned i = 0; i < job->tasks; i++)
        results[i] = task_run(job, i);
    return true;
}

struct share {
    const struct job *job;
    uint64_t *results;
    atomic_uint next;
};

/* Takes tasks until there are none. */
static void *worker(void *arg)
{
    struct share *s = arg;
    unsigned i;

    while ((i = atomic_fetch_add(&s->next, 1)) < s->job->tasks)
        s->results[i] = task_run(s->job, i);
    return NULL;
}

static void *one_task(void *arg)
{
    struct share *s = arg;
    unsigned i = atomic_fetch_add(&s->next, 1);

    s->results[i] = task_run(s->job, i);
    return NULL;
}

static bool with_threads(const struct job *job, uint64_t *results, unsigned n,
                         void *(*body)(void *))
{
    struct share s = {job, results, 0};
    pthread_t *threads = calloc(n, sizeof *threads);
    unsigned started = 0;

    while (threads && started < n &&
           !pthread_create(&threads[started], NULL, body, &s))
        started++;
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    return started == n;
}

static bool way_threads(const struct job *job, uint64_t *results)
{
    return with_threads(job, results, job->tasks, one_task);
}

static bool way_pool(const struct job *job, uint64_t *results)
{
    return with_threads(job, results, job->workers, worker);
}

const struct way ways[] = {
    {"nothing", way_nothing}, {"thread-a-task", way_threads},
    {"pool", way_pool},       {"processes", way_processes},
    {"event-loop", way_loop}, {NULL, NULL}};

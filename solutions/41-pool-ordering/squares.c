/*
 * A small pool: the workers take the inputs off a common list, square them,
 * and main prints the squares.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORKERS = 8, MAX_INPUTS = 16, MAX_INPUT = 1000 };

struct pool {
    pthread_mutex_t lock; /* guards next and results */
    int next;
    int count;
    int inputs[MAX_INPUTS];
    long results[MAX_INPUTS];
};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "squares: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

/* The next task's place in the list of inputs, or -1 when none is left. */
static int take_task(struct pool *pool)
{
    int task = -1;

    check(pthread_mutex_lock(&pool->lock), "lock");
    if (pool->next < pool->count) {
        task = pool->next++;
    }
    check(pthread_mutex_unlock(&pool->lock), "unlock");
    return task;
}

static void store(struct pool *pool, int task, long result)
{
    check(pthread_mutex_lock(&pool->lock), "lock");
    pool->results[task] = result;
    check(pthread_mutex_unlock(&pool->lock), "unlock");
}

/* By hand, so that there is something to do: the sum of 1, 3, 5, ... */
static long square(int number)
{
    long sum = 0;

    for (int i = 0; i < number; i++) {
        sum += 2 * i + 1;
    }
    return sum;
}

static void *work(void *arg)
{
    struct pool *pool = arg;
    int task;

    while ((task = take_task(pool)) >= 0) {
        store(pool, task, square(pool->inputs[task]));
    }
    return NULL;
}

/* The number in text, or -1 where it is not one from 0 to max. */
static int number(const char *text, int max)
{
    char *end;
    long value = strtol(text, &end, 10);

    return end == text || *end || value < 0 || value > max ? -1 : (int)value;
}

int main(int argc, char **argv)
{
    static struct pool pool = {.lock = PTHREAD_MUTEX_INITIALIZER,
                               .inputs = {1, 2, 3, 4, 5}};
    pthread_t threads[MAX_WORKERS];
    int workers = argc > 1 ? number(argv[1], MAX_WORKERS) : 3;
    int good = workers > 0 && argc - 2 <= MAX_INPUTS;

    pool.count = argc > 2 ? argc - 2 : 5;
    for (int i = 0; good && i < argc - 2; i++) {
        pool.inputs[i] = number(argv[i + 2], MAX_INPUT);
        good = pool.inputs[i] >= 0;
    }
    if (!good) {
        fprintf(stderr, "usage: squares [WORKERS [NUMBER...]]\n");
        return 2;
    }
    for (int i = 0; i < workers; i++) {
        check(pthread_create(&threads[i], NULL, work, &pool), "create");
    }
    for (int i = 0; i < workers; i++) {
        check(pthread_join(threads[i], NULL), "join");
    }
    for (int i = 0; i < pool.count; i++) {
        printf("%ld%c", pool.results[i], i + 1 < pool.count ? ' ' : '\n');
    }
    return 0;
}

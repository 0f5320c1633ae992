/*
 * A small pool that shrinks pictures.  main puts all of them into the pool's
 * queue, shuts the pool down, and prints what has been made of them.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORKERS = 8, MAX_PICTURES = 100 };

struct pool {
    pthread_mutex_t lock; /* guards all that follows */
    pthread_cond_t changed;
    int put, taken, closed;
    int widths[MAX_PICTURES];
    int pictures;
    long pixels;
};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "pictures: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

static void pool_put(struct pool *pool, int width)
{
    check(pthread_mutex_lock(&pool->lock), "lock");
    pool->widths[pool->put++] = width;
    check(pthread_cond_signal(&pool->changed), "signal");
    check(pthread_mutex_unlock(&pool->lock), "unlock");
}

/* The next picture's width, or 0 when the worker may go home. */
static int pool_take(struct pool *pool)
{
    int width = 0;

    check(pthread_mutex_lock(&pool->lock), "lock");
    while (pool->taken == pool->put && !pool->closed) {
        check(pthread_cond_wait(&pool->changed, &pool->lock), "wait");
    }
    if (!pool->closed) {
        width = pool->widths[pool->taken++];
    }
    check(pthread_mutex_unlock(&pool->lock), "unlock");
    return width;
}

static void pool_done(struct pool *pool, long pixels)
{
    check(pthread_mutex_lock(&pool->lock), "lock");
    pool->pictures++;
    pool->pixels += pixels;
    check(pthread_mutex_unlock(&pool->lock), "unlock");
}

/* No more pictures will be put in: the workers end. */
static void pool_close(struct pool *pool)
{
    check(pthread_mutex_lock(&pool->lock), "lock");
    pool->closed = 1;
    check(pthread_cond_broadcast(&pool->changed), "broadcast");
    check(pthread_mutex_unlock(&pool->lock), "unlock");
}

/* A square picture, to half its width: how many pixels are left. */
static long shrink(int width)
{
    return (long)(width / 2) * (width / 2);
}

static void *work(void *arg)
{
    struct pool *pool = arg;
    int width;

    while ((width = pool_take(pool)) > 0) {
        pool_done(pool, shrink(width));
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
    static struct pool pool = {.lock = PTHREAD_MUTEX_INITIALIZER,
                               .changed = PTHREAD_COND_INITIALIZER};
    pthread_t threads[MAX_WORKERS];
    int workers = argc > 1 ? size(argv[1], MAX_WORKERS) : 3;
    int pictures = argc > 2 ? size(argv[2], MAX_PICTURES) : 6;

    if (argc > 3 || workers == 0 || pictures == 0) {
        fprintf(stderr, "usage: pictures [WORKERS [PICTURES]]\n");
        return 2;
    }
    for (int i = 0; i < workers; i++) {
        check(pthread_create(&threads[i], NULL, work, &pool), "create");
    }
    for (int i = 1; i <= pictures; i++) {
        pool_put(&pool, 10 * i);
    }
    pool_close(&pool);
    for (int i = 0; i < workers; i++) {
        check(pthread_join(threads[i], NULL), "join");
    }
    printf("%d pictures, %ld pixels\n", pool.pictures, pool.pixels);
    return pool.pictures == pictures ? 0 : 1;
}

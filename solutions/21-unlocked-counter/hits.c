/*
 * A small web server's statistics. Several threads answer requests, each for
 * the next page of the site, and count what was sent.
 *
 * Usage: hits [WORKERS [REQUESTS]]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORKERS 16
#define MAX_REQUESTS 100000

struct stats {
    pthread_mutex_t lock; /* guards hits and bytes */
    long hits;
    long bytes;
};

struct worker {
    pthread_t thread;
    int requests;
};

static const int page_size[] = {512, 2048, 96, 1024};
static struct stats stats = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "hits: %s: %s\n", what, strerror(err));
        exit(1);
    }
}

static void count_hit(struct stats *s, int bytes)
{
    check(pthread_mutex_lock(&s->lock), "lock");
    s->hits++;
    s->bytes += bytes;
    check(pthread_mutex_unlock(&s->lock), "unlock");
}

static void *serve(void *arg)
{
    struct worker *me = arg;

    for (int i = 0; i < me->requests; i++)
        count_hit(&stats, page_size[i % 4]);
    return NULL;
}

static int number(const char *text, int max)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text && !*end && n >= 1 && n <= max ? (int)n : 0;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? number(argv[1], MAX_WORKERS) : 5;
    int requests = argc > 2 ? number(argv[2], MAX_REQUESTS) : 100;
    struct worker workers[MAX_WORKERS];

    if (argc > 3 || !count || !requests) {
        fprintf(stderr, "usage: hits [WORKERS 1-%d [REQUESTS 1-%d]]\n",
                MAX_WORKERS, MAX_REQUESTS);
        return 2;
    }
    for (int i = 0; i < count; i++) {
        workers[i].requests = requests;
        check(pthread_create(&workers[i].thread, NULL, serve, &workers[i]),
              "pthread_create");
    }
    fprintf(stderr, "%d workers, %d requests each\n", count, requests);
    for (int i = 0; i < count; i++)
        check(pthread_join(workers[i].thread, NULL), "pthread_join");
    printf("%ld hits, %ld bytes\n", stats.hits, stats.bytes);
    return stats.hits == (long)count * requests ? 0 : 1;
}

/*
 * A cache of exchange rates. Clerks look rates up, all at the same time, while
 * one thread brings them up to date; the cache counts how often it was asked.
 *
 * Usage: rates [CLERKS [LOOKUPS]]
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CLERKS = 16, MAX_LOOKUPS = 10000, RATES = 4, UPDATES = 2, FEE = 5 };

struct rate {
    int buy, sell; /* sell is always FEE more */
};

struct cache {
    pthread_rwlock_t lock; /* guards the rates */
    struct rate rates[RATES];
    atomic_long hits; /* changed by readers */
};

struct clerk {
    pthread_t thread;
    int lookups, odd; /* odd: rates that did not fit together */
};

static struct cache cache = {.lock = PTHREAD_RWLOCK_INITIALIZER};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "rates: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

static void set(int i, int buy)
{
    check(pthread_rwlock_wrlock(&cache.lock), "write lock");
    cache.rates[i].buy = buy;
    cache.rates[i].sell = buy + FEE;
    check(pthread_rwlock_unlock(&cache.lock), "unlock");
}

static void look_up(int i, int *buy, int *sell)
{
    check(pthread_rwlock_rdlock(&cache.lock), "read lock");
    *buy = cache.rates[i].buy;
    *sell = cache.rates[i].sell;
    cache.hits++;
    check(pthread_rwlock_unlock(&cache.lock), "unlock");
}

static void *serve(void *arg)
{
    struct clerk *me = arg;

    for (int i = 0; i < me->lookups; i++) {
        int buy, sell;

        look_up(i % RATES, &buy, &sell);
        me->odd += sell - buy != FEE;
    }
    return NULL;
}

static void *update(void *unused)
{
    (void)unused;
    for (int i = 0; i < UPDATES; i++)
        set(i % RATES, 200 + i);
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
    int count = argc > 1 ? number(argv[1], MAX_CLERKS) : 3;
    int lookups = argc > 2 ? number(argv[2], MAX_LOOKUPS) : 6;
    struct clerk clerks[MAX_CLERKS];
    pthread_t updater;
    int odd = 0;

    if (argc > 3 || !count || !lookups) {
        fprintf(stderr, "usage: rates [CLERKS 1-%d [LOOKUPS 1-%d]]\n",
                MAX_CLERKS, MAX_LOOKUPS);
        return 2;
    }
    for (int i = 0; i < RATES; i++)
        set(i, 100 + i);
    for (int i = 0; i < count; i++) {
        clerks[i] = (struct clerk){.lookups = lookups};
        check(pthread_create(&clerks[i].thread, NULL, serve, &clerks[i]),
              "create");
    }
    check(pthread_create(&updater, NULL, update, NULL), "create");
    for (int i = 0; i < count; i++) {
        check(pthread_join(clerks[i].thread, NULL), "join");
        odd += clerks[i].odd;
    }
    check(pthread_join(updater, NULL), "join");
    printf("%ld hits, %d odd rates\n", cache.hits, odd);
    return odd || cache.hits != (long)count * lookups ? 1 : 0;
}

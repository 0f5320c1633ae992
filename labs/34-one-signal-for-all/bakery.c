/*
 * A bakery.  Bakers put loaves on a shelf with few places, a seller sells
 * them, and main counts the takings when the last loaf is sold.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BAKERS = 8, MAX_LOAVES = 100, MAX_PLACES = 10 };

static struct {
    pthread_mutex_t lock; /* guards all that follows */
    pthread_cond_t changed;
    int places, put, taken, expected;
    int prices[MAX_PLACES];
    long takings;
} shelf = {.lock = PTHREAD_MUTEX_INITIALIZER,
           .changed = PTHREAD_COND_INITIALIZER};

struct baker {
    pthread_t thread;
    int number, loaves;
};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "bakery: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

static void shelf_put(int price)
{
    check(pthread_mutex_lock(&shelf.lock), "lock");
    while (shelf.put - shelf.taken == shelf.places) {
        check(pthread_cond_wait(&shelf.changed, &shelf.lock), "wait");
    }
    shelf.prices[shelf.put++ % shelf.places] = price;
    check(pthread_cond_signal(&shelf.changed), "signal");
    check(pthread_mutex_unlock(&shelf.lock), "unlock");
}

static void shelf_sell(void)
{
    check(pthread_mutex_lock(&shelf.lock), "lock");
    while (shelf.put == shelf.taken) {
        check(pthread_cond_wait(&shelf.changed, &shelf.lock), "wait");
    }
    shelf.takings += shelf.prices[shelf.taken++ % shelf.places];
    check(pthread_cond_signal(&shelf.changed), "signal");
    check(pthread_mutex_unlock(&shelf.lock), "unlock");
}

/* Waits until the last loaf is sold. */
static void count_takings(void)
{
    check(pthread_mutex_lock(&shelf.lock), "lock");
    while (shelf.taken < shelf.expected) {
        check(pthread_cond_wait(&shelf.changed, &shelf.lock), "wait");
    }
    printf("%d loaves, %ld cents\n", shelf.taken, shelf.takings);
    check(pthread_mutex_unlock(&shelf.lock), "unlock");
}

static void *bake(void *arg)
{
    struct baker *baker = arg;

    for (int i = 1; i <= baker->loaves; i++) {
        shelf_put(100 * baker->number + i);
    }
    return NULL;
}

static void *sell(void *arg)
{
    (void)arg;
    for (int i = 0; i < shelf.expected; i++) {
        shelf_sell();
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
    static struct baker bakers[MAX_BAKERS];
    int count = argc > 1 ? size(argv[1], MAX_BAKERS) : 2;
    int loaves = argc > 2 ? size(argv[2], MAX_LOAVES) : 3;
    pthread_t seller;

    shelf.places = argc > 3 ? size(argv[3], MAX_PLACES) : 1;
    if (argc > 4 || count == 0 || loaves == 0 || shelf.places == 0) {
        fprintf(stderr, "usage: bakery [BAKERS [LOAVES [PLACES]]]\n");
        return 2;
    }
    shelf.expected = count * loaves;
    for (int i = 0; i < count; i++) {
        bakers[i].number = i + 1;
        bakers[i].loaves = loaves;
        check(pthread_create(&bakers[i].thread, NULL, bake, &bakers[i]),
              "create");
    }
    check(pthread_create(&seller, NULL, sell, NULL), "create");
    count_takings();
    for (int i = 0; i < count; i++) {
        check(pthread_join(bakers[i].thread, NULL), "join");
    }
    check(pthread_join(seller, NULL), "join");
    return 0;
}

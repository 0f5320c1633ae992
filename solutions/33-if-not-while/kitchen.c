/*
 * A restaurant's kitchen. main hands in the orders, two cooks take them, and
 * at the end of the evening main adds up what was cooked.
 *
 * Usage: kitchen [ORDERS]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COOKS = 2, MAX_ORDERS = 1000, CLOSED = -1 };

struct cook {
    pthread_t thread;
    int dishes;
    long minutes;
};

static struct {
    pthread_mutex_t lock; /* guards all that follows */
    pthread_cond_t added;
    int put, taken;
    int minutes[MAX_ORDERS + COOKS]; /* each order takes, or CLOSED */
} orders = {.lock = PTHREAD_MUTEX_INITIALIZER,
            .added = PTHREAD_COND_INITIALIZER};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "kitchen: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

static void put_order(int minutes)
{
    check(pthread_mutex_lock(&orders.lock), "lock");
    orders.minutes[orders.put++] = minutes;
    check(pthread_cond_signal(&orders.added), "signal");
    check(pthread_mutex_unlock(&orders.lock), "unlock");
}

static int take_order(void)
{
    int minutes;

    check(pthread_mutex_lock(&orders.lock), "lock");
    while (orders.taken == orders.put)
        check(pthread_cond_wait(&orders.added, &orders.lock), "wait");
    minutes = orders.minutes[orders.taken++];
    check(pthread_mutex_unlock(&orders.lock), "unlock");
    return minutes;
}

static void *cook(void *arg)
{
    struct cook *me = arg;
    int minutes;

    while ((minutes = take_order()) != CLOSED) {
        me->dishes++;
        me->minutes += minutes;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    char *end = "";
    long count = argc > 1 ? strtol(argv[1], &end, 10) : 20;
    struct cook cooks[COOKS] = {0};
    long minutes = 0;
    int dishes = 0;

    if (argc > 2 || *end || count < 1 || count > MAX_ORDERS) {
        fprintf(stderr, "usage: kitchen [ORDERS 1-%d]\n", MAX_ORDERS);
        return 2;
    }
    for (int i = 0; i < COOKS; i++)
        check(pthread_create(&cooks[i].thread, NULL, cook, &cooks[i]),
              "create");
    for (int i = 1; i <= count; i++)
        put_order(5 + i * 7 % 20);
    for (int i = 0; i < COOKS; i++)
        put_order(CLOSED);
    for (int i = 0; i < COOKS; i++) {
        check(pthread_join(cooks[i].thread, NULL), "join");
        dishes += cooks[i].dishes;
        minutes += cooks[i].minutes;
    }
    printf("%d dishes, %ld minutes\n", dishes, minutes);
    return dishes == count ? 0 : 1;
}

/*
 * A parcel desk.  Couriers bring parcels and put them on one scale; when the
 * last parcel is on it, the desk writes the receipt.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COURIERS = 8, MAX_PARCELS = 100 };

struct desk {
    pthread_mutex_t lock; /* guards all that follows */
    pthread_cond_t complete;
    int expected, parcels;
    long grams;
};

struct courier {
    pthread_t thread;
    struct desk *desk;
    int number, load;
};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "parcel: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

static void put_on_scale(struct desk *desk, long grams)
{
    check(pthread_mutex_lock(&desk->lock), "lock");
    desk->grams += grams;
    desk->parcels++;
    if (desk->parcels == desk->expected) {
        check(pthread_cond_signal(&desk->complete), "signal");
    }
    check(pthread_mutex_unlock(&desk->lock), "unlock");
}

static void *deliver(void *arg)
{
    struct courier *courier = arg;

    for (int i = 1; i <= courier->load; i++) {
        put_on_scale(courier->desk, 100 * courier->number + i);
    }
    return NULL;
}

/* Waits until the last parcel has come and writes the receipt. */
static int write_receipt(struct desk *desk)
{
    int complete;

    check(pthread_mutex_lock(&desk->lock), "lock");
    check(pthread_cond_wait(&desk->complete, &desk->lock), "wait");
    complete = desk->parcels == desk->expected;
    printf("%d parcels, %ld grams\n", desk->parcels, desk->grams);
    check(pthread_mutex_unlock(&desk->lock), "unlock");
    return complete;
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
    static struct desk desk = {.lock = PTHREAD_MUTEX_INITIALIZER,
                               .complete = PTHREAD_COND_INITIALIZER};
    static struct courier couriers[MAX_COURIERS];
    int count = argc > 1 ? size(argv[1], MAX_COURIERS) : 3;
    int load = argc > 2 ? size(argv[2], MAX_PARCELS) : 4;
    int complete;

    if (argc > 3 || count == 0 || load == 0) {
        fprintf(stderr, "usage: parcel [COURIERS [PARCELS]]  up to %d, %d\n",
                MAX_COURIERS, MAX_PARCELS);
        return 2;
    }
    desk.expected = count * load;
    for (int i = 0; i < count; i++) {
        couriers[i].desk = &desk;
        couriers[i].number = i + 1;
        couriers[i].load = load;
        check(pthread_create(&couriers[i].thread, NULL, deliver, &couriers[i]),
              "create");
    }
    complete = write_receipt(&desk);
    for (int i = 0; i < count; i++) {
        check(pthread_join(couriers[i].thread, NULL), "join");
    }
    return complete ? 0 : 1;
}

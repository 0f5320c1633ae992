/*
 * A dinner of philosophers. They sit around a table, between each two of them
 * lies a fork, and whoever eats needs the fork on the left and the one on the
 * right. Forks are counted when they are washed up.
 *
 * Usage: dinner [PHILOSOPHERS [MEALS]]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SEATS = 16, MAX_MEALS = 1000 };

struct fork {
    pthread_mutex_t lock;
    int uses; /* guarded by lock */
};

struct philosopher {
    pthread_t thread;
    struct fork *left, *right;
    int meals; /* how many to eat */
};

static struct fork forks[MAX_SEATS];

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "dinner: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

/* Whoever calls this holds both forks. */
static void eat(struct fork *left, struct fork *right)
{
    left->uses++;
    right->uses++;
}

static void *dine(void *arg)
{
    struct philosopher *me = arg;

    for (int i = 0; i < me->meals; i++) {
        check(pthread_mutex_lock(&me->left->lock), "lock");
        check(pthread_mutex_lock(&me->right->lock), "lock");
        eat(me->left, me->right);
        check(pthread_mutex_unlock(&me->right->lock), "unlock");
        check(pthread_mutex_unlock(&me->left->lock), "unlock");
    }
    return NULL;
}

static int number(const char *text, int min, int max)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text && !*end && n >= min && n <= max ? (int)n : 0;
}

int main(int argc, char **argv)
{
    int seats = argc > 1 ? number(argv[1], 2, MAX_SEATS) : 5;
    int meals = argc > 2 ? number(argv[2], 1, MAX_MEALS) : 3;
    struct philosopher guests[MAX_SEATS];
    int wrong = 0;

    if (argc > 3 || !seats || !meals) {
        fprintf(stderr, "usage: dinner [PHILOSOPHERS 2-%d [MEALS 1-%d]]\n",
                MAX_SEATS, MAX_MEALS);
        return 2;
    }
    for (int i = 0; i < seats; i++)
        check(pthread_mutex_init(&forks[i].lock, NULL), "mutex");
    for (int i = 0; i < seats; i++) {
        guests[i].left = &forks[i];
        guests[i].right = &forks[(i + 1) % seats];
        guests[i].meals = meals;
        check(pthread_create(&guests[i].thread, NULL, dine, &guests[i]),
              "create");
    }
    fprintf(stderr, "%d philosophers at the table\n", seats);
    for (int i = 0; i < seats; i++)
        check(pthread_join(guests[i].thread, NULL), "join");
    for (int i = 0; i < seats; i++) {
        printf("fork %d: %d uses\n", i + 1, forks[i].uses);
        wrong += forks[i].uses != 2 * meals;
    }
    return wrong ? 1 : 0;
}

/*
 * Several cash machines pay out from one account, 10 at a time. Nobody may
 * get money that is not there: a customer who comes too late is refused.
 *
 * Usage: cashpoint [MACHINES [CUSTOMERS [BALANCE]]]
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MACHINES 16
#define MAX_CUSTOMERS 1000
#define MAX_BALANCE 100000
#define NOTE 10

struct account {
    pthread_mutex_t lock;
    long balance; /* guarded by lock */
};

struct machine {
    pthread_t thread;
    int customers;
    int paid, refused;
};

static struct account account = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "cashpoint: %s: %s\n", what, strerror(err));
        exit(1);
    }
}

static long balance_of(struct account *a)
{
    long balance;

    check(pthread_mutex_lock(&a->lock), "lock");
    balance = a->balance;
    check(pthread_mutex_unlock(&a->lock), "unlock");
    return balance;
}

static void add(struct account *a, long amount)
{
    check(pthread_mutex_lock(&a->lock), "lock");
    a->balance += amount;
    check(pthread_mutex_unlock(&a->lock), "unlock");
}

static bool withdraw(struct account *a, long amount)
{
    if (balance_of(a) < amount)
        return false;
    add(a, -amount);
    return true;
}

static void *serve_customers(void *arg)
{
    struct machine *me = arg;

    for (int i = 0; i < me->customers; i++) {
        if (withdraw(&account, NOTE))
            me->paid++;
        else
            me->refused++;
    }
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
    int count = argc > 1 ? number(argv[1], MAX_MACHINES) : 3;
    int customers = argc > 2 ? number(argv[2], MAX_CUSTOMERS) : 4;
    int balance = argc > 3 ? number(argv[3], MAX_BALANCE) : 90;
    struct machine machines[MAX_MACHINES];
    int paid = 0, refused = 0;

    if (argc > 4 || !count || !customers || !balance) {
        fprintf(stderr,
                "usage: cashpoint [MACHINES 1-%d [CUSTOMERS 1-%d [BALANCE "
                "1-%d]]]\n",
                MAX_MACHINES, MAX_CUSTOMERS, MAX_BALANCE);
        return 2;
    }
    add(&account, balance);
    for (int i = 0; i < count; i++) {
        machines[i] = (struct machine){.customers = customers};
        check(pthread_create(&machines[i].thread, NULL, serve_customers,
                             &machines[i]),
              "pthread_create");
    }
    fprintf(stderr, "%d machines open, %d to pay out\n", count, balance);
    for (int i = 0; i < count; i++) {
        check(pthread_join(machines[i].thread, NULL), "pthread_join");
        paid += machines[i].paid;
        refused += machines[i].refused;
    }
    printf("%d paid, %d refused, %ld left\n", paid, refused,
           balance_of(&account));
    return balance_of(&account) < 0 ? 1 : 0;
}

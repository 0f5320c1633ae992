/*
 * Two standing orders between two accounts: the savings account pays the rent
 * account and the rent account pays back, each order in a thread of its own.
 * A third thread, the auditor, counts all the money once while they pay.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { START = 1000, MAX_PAYMENTS = 100 };

struct account {
    const char *name;
    pthread_mutex_t lock;
    long balance; /* guarded by lock */
};

struct order {
    struct account *from, *to;
    long amount;
    int payments;
};

static struct account accounts[] = {
    {"rent", PTHREAD_MUTEX_INITIALIZER, START},
    {"savings", PTHREAD_MUTEX_INITIALIZER, START},
};

static struct order orders[] = {
    {&accounts[1], &accounts[0], 10, 3},
    {&accounts[0], &accounts[1], 7, 3},
};

static long audited; /* for main to read when the auditor has ended */

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "transfer: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

/* Whoever holds both locks must find all the money in the two accounts. */
static void transfer(struct account *from, struct account *to, long amount)
{
    check(pthread_mutex_lock(&from->lock), "lock");
    check(pthread_mutex_lock(&to->lock), "lock");
    from->balance -= amount;
    to->balance += amount;
    check(pthread_mutex_unlock(&to->lock), "unlock");
    check(pthread_mutex_unlock(&from->lock), "unlock");
}

static void *carry_out(void *arg)
{
    const struct order *order = arg;

    for (int i = 0; i < order->payments; i++) {
        transfer(order->from, order->to, order->amount);
    }
    return NULL;
}

static void *audit(void *arg)
{
    (void)arg;
    check(pthread_mutex_lock(&accounts[0].lock), "lock");
    check(pthread_mutex_lock(&accounts[1].lock), "lock");
    audited = accounts[0].balance + accounts[1].balance;
    check(pthread_mutex_unlock(&accounts[1].lock), "unlock");
    check(pthread_mutex_unlock(&accounts[0].lock), "unlock");
    return NULL;
}

/* The number in text, or 0 where it is not one from 1 to MAX_PAYMENTS. */
static int payments(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);

    return *end || number < 1 || number > MAX_PAYMENTS ? 0 : (int)number;
}

int main(int argc, char **argv)
{
    pthread_t threads[3];

    for (int i = 0; i < 2 && i + 1 < argc; i++) {
        orders[i].payments = payments(argv[i + 1]);
    }
    if (argc > 3 || !orders[0].payments || !orders[1].payments) {
        fprintf(stderr, "usage: transfer [THERE [BACK]]  payments, 1 to %d\n",
                MAX_PAYMENTS);
        return 2;
    }
    check(pthread_create(&threads[0], NULL, carry_out, &orders[0]), "create");
    check(pthread_create(&threads[1], NULL, carry_out, &orders[1]), "create");
    check(pthread_create(&threads[2], NULL, audit, NULL), "create");
    for (int i = 0; i < 3; i++) {
        check(pthread_join(threads[i], NULL), "join");
    }
    printf("audit %ld\n", audited);
    for (int i = 0; i < 2; i++) {
        printf("%s %ld\n", accounts[i].name, accounts[i].balance);
    }
    return audited == 2 * START ? 0 : 1;
}

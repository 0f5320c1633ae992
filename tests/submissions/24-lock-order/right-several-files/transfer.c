// expect: pass
/* The bank has a file of its own, with one function that takes both locks. */
#include "bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PAYMENTS = 100 };

struct order {
    struct account *from, *to;
    long amount;
    int payments;
};

void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "transfer: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
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
    *(long *)arg = bank_total();
    return NULL;
}

static int payments(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);

    return *end || number < 1 || number > MAX_PAYMENTS ? 0 : (int)number;
}

int main(int argc, char **argv)
{
    struct order there = {&savings, &rent, 10, 3};
    struct order back = {&rent, &savings, 7, 3};
    pthread_t threads[3];
    long total;

    if (argc > 1) {
        there.payments = payments(argv[1]);
    }
    if (argc > 2) {
        back.payments = payments(argv[2]);
    }
    if (argc > 3 || !there.payments || !back.payments) {
        fprintf(stderr, "usage: transfer [THERE [BACK]]\n");
        return 2;
    }
    check(pthread_create(&threads[0], NULL, carry_out, &there), "create");
    check(pthread_create(&threads[1], NULL, carry_out, &back), "create");
    check(pthread_create(&threads[2], NULL, audit, &total), "create");
    for (int i = 0; i < 3; i++) {
        check(pthread_join(threads[i], NULL), "join");
    }
    printf("audit %ld\nrent %ld\nsavings %ld\n", total, rent.balance,
           savings.balance);
    return total == 2 * START ? 0 : 1;
}

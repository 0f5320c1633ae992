/* Both accounts, and the one order in which their locks are taken. */
#include "bank.h"

struct account rent = {PTHREAD_MUTEX_INITIALIZER, START};
struct account savings = {PTHREAD_MUTEX_INITIALIZER, START};

static void lock_both(void)
{
    check(pthread_mutex_lock(&rent.lock), "lock");
    check(pthread_mutex_lock(&savings.lock), "lock");
}

static void unlock_both(void)
{
    check(pthread_mutex_unlock(&savings.lock), "unlock");
    check(pthread_mutex_unlock(&rent.lock), "unlock");
}

void transfer(struct account *from, struct account *to, long amount)
{
    lock_both();
    from->balance -= amount;
    to->balance += amount;
    unlock_both();
}

long bank_total(void)
{
    long total;

    lock_both();
    total = rent.balance + savings.balance;
    unlock_both();
    return total;
}

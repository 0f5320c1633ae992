/* The bank's accounts.  Every function here takes the locks it needs. */
#ifndef BANK_H
#define BANK_H

#include <pthread.h>

enum { START = 1000 };

struct account {
    pthread_mutex_t lock;
    long balance; /* guarded by lock */
};

extern struct account rent, savings;

void transfer(struct account *from, struct account *to, long amount);
long bank_total(void);
void check(int err, const char *what);

#endif

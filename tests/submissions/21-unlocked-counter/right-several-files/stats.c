#include "stats.h"
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long hits, bytes_sent; /* guarded by lock */

void count_hit(int bytes)
{
    if (pthread_mutex_lock(&lock))
        abort();
    hits++;
    bytes_sent += bytes;
    if (pthread_mutex_unlock(&lock))
        abort();
}

struct stats stats_total(void)
{
    struct stats total;

    if (pthread_mutex_lock(&lock))
        abort();
    total.hits = hits;
    total.bytes = bytes_sent;
    if (pthread_mutex_unlock(&lock))
        abort();
    return total;
}

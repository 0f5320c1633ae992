// The hand-over flag is atomic but relaxed: it orders nothing.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static int payload, seen;
static atomic_int ready;

static void *producer(void *arg)
{
    payload = 42;
    atomic_store_explicit(&ready, 1, memory_order_relaxed);
    return arg;
}

static void *consumer(void *arg)
{
    while (!atomic_load_explicit(&ready, memory_order_relaxed)) {
    }
    seen = payload;
    return arg;
}

int main(void)
{
    pthread_t one, two;

    pthread_create(&one, NULL, consumer, NULL);
    pthread_create(&two, NULL, producer, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    printf("%d\n", seen == 42);
    return 0;
}

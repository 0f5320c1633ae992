// A value handed over by relaxed accesses between two fences.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static int payload, seen;
static atomic_int ready;

static void *producer(void *arg)
{
    payload = 42;
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&ready, 1, memory_order_relaxed);
    return arg;
}

static void *consumer(void *arg)
{
    while (!atomic_load_explicit(&ready, memory_order_relaxed)) {
    }
    atomic_thread_fence(memory_order_acquire);
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
    printf("%d\n", seen);
    return 0;
}

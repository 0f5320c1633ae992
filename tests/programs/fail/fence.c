// expect: fail data-race
// One of the two fences is missing.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int ready;
static int data;

static void *produce(void *arg)
{
    data = 42;
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&ready, 1, memory_order_relaxed);
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, produce, NULL);
    while (!atomic_load_explicit(&ready, memory_order_relaxed))
        ;
    printf("%d\n", data);
    pthread_join(t, NULL);
    return 0;
}

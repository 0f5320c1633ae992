// expect: proved
// The loop waits for an atomic that is set.
#include <pthread.h>
#include <stdatomic.h>

static atomic_int ready;

static void *set(void *arg)
{
    ready = 1;
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, set, NULL);
    while (!ready)
        ;
    pthread_join(t, NULL);
    return 0;
}

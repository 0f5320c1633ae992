// expect: fail data-race
// A loop waits for a plain variable.
#include <pthread.h>

static volatile int ready;

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

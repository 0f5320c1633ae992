// expect: fail livelock
// A loop waits for a plain variable that nobody sets.
#include <pthread.h>

static volatile int ready;

static void *forget(void *arg)
{
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, forget, NULL);
    while (!ready)
        ;
    pthread_join(t, NULL);
    return 0;
}

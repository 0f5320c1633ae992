// expect: fail data-race
// A hand-made lock from a plain variable.
#include <pthread.h>
#include <sched.h>

static volatile int taken;
static int sum;

static void *add(void *arg)
{
    (void)arg;
    while (taken)
        sched_yield();
    taken = 1;
    sum++;
    taken = 0;
    return NULL;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, add, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

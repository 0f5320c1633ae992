// expect: proved
// The other thread answers whatever it is asked.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_int asked, answered;

static void *answer(void *arg)
{
    atomic_store(&answered, 1 + atomic_load(&asked));
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, answer, NULL);
    atomic_store(&asked, 1);
    while (!atomic_load(&answered))
        sched_yield();
    pthread_join(t, NULL);
    return 0;
}

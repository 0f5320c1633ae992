// expect: fail livelock
// A loop waits for a flag that the other thread sets only sometimes.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_int asked, answered;

static void *answer(void *arg)
{
    (void)arg;
    if (atomic_load(&asked))
        atomic_store(&answered, 1);
    return NULL;
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

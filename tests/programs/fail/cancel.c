// expect: fail lock-leak
// Cancelled while it waits, and nobody unlocks for it.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void *wait_for_ever(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&lock);
    for (;;)
        pthread_cond_wait(&never, &lock);
    return NULL;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, wait_for_ever, NULL);
    pthread_cancel(t);
    pthread_join(t, NULL);
    return 0;
}

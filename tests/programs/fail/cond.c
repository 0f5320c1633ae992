// expect: fail lost-wakeup
// One signal for two waiters: the second sleeps for ever.
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_bool ready;

static void *wait_for_it(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&lock);
    if (!ready)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, wait_for_it, NULL);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_join(t, NULL);
    return 0;
}

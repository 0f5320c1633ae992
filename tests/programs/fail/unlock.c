// expect: fail bad-unlock
// A mutex used as a signal: one locks, another unlocks.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *let_go(void *arg)
{
    (void)arg;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    pthread_t t;

    pthread_mutex_lock(&lock);
    pthread_create(&t, NULL, let_go, NULL);
    pthread_mutex_lock(&lock);
    pthread_join(t, NULL);
    pthread_mutex_unlock(&lock);
    return 0;
}

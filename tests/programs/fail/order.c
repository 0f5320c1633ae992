// expect: fail deadlock
// Two locks, two orders.
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void *both(void *arg)
{
    pthread_mutex_lock(arg ? &a : &b);
    pthread_mutex_lock(arg ? &b : &a);
    pthread_mutex_unlock(arg ? &b : &a);
    pthread_mutex_unlock(arg ? &a : &b);
    return NULL;
}

int main(void)
{
    pthread_t t[2];

    pthread_create(&t[0], NULL, both, NULL);
    pthread_create(&t[1], NULL, both, &a);
    pthread_join(t[0], NULL);
    pthread_join(t[1], NULL);
    return 0;
}

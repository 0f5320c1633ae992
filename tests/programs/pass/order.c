// expect: proved
// Two locks in two orders, but a gate lock around them.
#include <pthread.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void *both(void *arg)
{
    pthread_mutex_lock(&gate);
    pthread_mutex_lock(arg ? &a : &b);
    pthread_mutex_lock(arg ? &b : &a);
    pthread_mutex_unlock(arg ? &b : &a);
    pthread_mutex_unlock(arg ? &a : &b);
    pthread_mutex_unlock(&gate);
    return NULL;
}

int main(void)
{
    pthread_t t[2];

    pthread_create(&t[0], NULL, both, NULL);
    pthread_create(&t[1], NULL, both, &a);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

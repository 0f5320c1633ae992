// expect: proved
// The mutex goes when the thread has ended.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *use(void *arg)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, use, NULL);
    pthread_join(t, NULL);
    pthread_mutex_destroy(&lock);
    return 0;
}

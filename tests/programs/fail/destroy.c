// expect: fail bad-destroy
// The mutex goes while the thread may still hold it.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *use(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, use, NULL);
    pthread_mutex_destroy(&lock);
    pthread_join(t, NULL);
    return 0;
}

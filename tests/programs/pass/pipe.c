// expect: proved
// A slot in memory and a condition instead of a pipe.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static char slot;

static void *writer(void *arg)
{
    pthread_mutex_lock(&lock);
    slot = 'x';
    pthread_cond_signal(&filled);
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, writer, NULL);
    pthread_mutex_lock(&lock);
    while (!slot)
        pthread_cond_wait(&filled, &lock);
    pthread_mutex_unlock(&lock);
    pthread_join(t, NULL);
    return slot != 'x';
}

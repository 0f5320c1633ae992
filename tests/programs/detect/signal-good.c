// The signal is sent after the unlock, which is allowed.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int full;

static void *producer(void *arg)
{
    pthread_mutex_lock(&lock);
    full = 1;
    pthread_mutex_unlock(&lock);
    pthread_cond_signal(&ready);
    return arg;
}

static void *consumer(void *arg)
{
    pthread_mutex_lock(&lock);
    while (!full) {
        pthread_cond_wait(&ready, &lock);
    }
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t one, two;

    pthread_create(&one, NULL, consumer, NULL);
    pthread_create(&two, NULL, producer, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    printf("%d\n", full);
    return 0;
}

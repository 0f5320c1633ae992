// expect: proved
// A waiting thread is cancelled; its handlers unlock and free, innermost
// first.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static int order;

static void unlock(void *arg)
{
    order = order * 10 + 1;
    pthread_mutex_unlock(arg);
}

static void release(void *arg)
{
    free(arg);
    order = order * 10 + 2;
}

static void *wait_for_ever(void *arg)
{
    (void)arg;
    pthread_cleanup_push(release, malloc(8));
    pthread_mutex_lock(&lock);
    pthread_cleanup_push(unlock, &lock);
    for (;;)
        pthread_cond_wait(&never, &lock);
    pthread_cleanup_pop(1);
    pthread_cleanup_pop(1);
    return NULL;
}

int main(void)
{
    pthread_t t;
    void *got;

    pthread_create(&t, NULL, wait_for_ever, NULL);
    pthread_cancel(t);
    pthread_join(t, &got);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return got != PTHREAD_CANCELED || order != 12;
}

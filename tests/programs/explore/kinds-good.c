// expect: clean
// A recursive mutex is locked twice, an errorcheck mutex says EDEADLK and
// EPERM only to those who ask for it, trylock says EBUSY.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int busy;

static void *try(void *arg)
{
    (void)arg;
    busy = pthread_mutex_trylock(&lock);
    if (!busy)
        pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    pthread_t t;

    pthread_mutex_lock(&again);
    pthread_mutex_lock(&again);
    pthread_mutex_unlock(&again);
    pthread_mutex_unlock(&again);
    pthread_mutex_lock(&lock);
    pthread_create(&t, NULL, try, NULL);
    pthread_join(t, NULL);
    pthread_mutex_unlock(&lock);
    printf("%d\n", busy == EBUSY);
    return busy != EBUSY;
}

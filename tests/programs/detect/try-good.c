// Against the order, but with a trylock that gives up.
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int moves;

static void *there(void *arg)
{
    pthread_mutex_lock(&left);
    pthread_mutex_lock(&right);
    moves++;
    pthread_mutex_unlock(&right);
    pthread_mutex_unlock(&left);
    return arg;
}

static void *back(void *arg)
{
    pthread_mutex_lock(&right);
    while (pthread_mutex_trylock(&left)) {
        pthread_mutex_unlock(&right);
        sched_yield();
        pthread_mutex_lock(&right);
    }
    moves++;
    pthread_mutex_unlock(&left);
    pthread_mutex_unlock(&right);
    return arg;
}

int main(void)
{
    pthread_t one, two;

    pthread_create(&one, NULL, there, NULL);
    pthread_create(&two, NULL, back, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    printf("%d\n", moves);
    return 0;
}

// Two locks in both orders, but the one thread has ended before the other
// begins: nothing can happen.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void *there(void *arg)
{
    pthread_mutex_lock(&left);
    pthread_mutex_lock(&right);
    pthread_mutex_unlock(&right);
    pthread_mutex_unlock(&left);
    return arg;
}

static void *back(void *arg)
{
    pthread_mutex_lock(&right);
    pthread_mutex_lock(&left);
    pthread_mutex_unlock(&left);
    pthread_mutex_unlock(&right);
    return arg;
}

int main(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, there, NULL);
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, back, NULL);
    pthread_join(thread, NULL);
    puts("done");
    return 0;
}

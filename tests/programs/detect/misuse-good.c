// The same locks, each unlocked by the thread that locked it.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t foreign = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t doomed = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t kept = PTHREAD_MUTEX_INITIALIZER;

static void *helper(void *arg)
{
    pthread_mutex_lock(&kept);
    pthread_mutex_unlock(&kept);
    return arg;
}

int main(void)
{
    pthread_t thread;

    pthread_mutex_lock(&foreign);
    pthread_create(&thread, NULL, helper, NULL);
    pthread_mutex_unlock(&foreign);
    pthread_join(thread, NULL);
    pthread_mutex_lock(&doomed);
    pthread_mutex_unlock(&doomed);
    pthread_mutex_destroy(&doomed);
    puts("done");
    return 0;
}

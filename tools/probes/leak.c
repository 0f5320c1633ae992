// What ends well but leaves a lock held: the thread that took it has ended.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *keep(void *arg)
{
    pthread_mutex_lock(&lock);
    return arg;
}

int main(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, keep, NULL)) {
        return 1;
    }
    pthread_join(thread, NULL);
    puts("done");
    return 0;
}

// What ends in a standstill in every order: a thread ends and keeps a lock
// that main wants.
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
    pthread_mutex_lock(&lock);
    puts("done");
    return 0;
}

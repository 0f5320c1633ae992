// A thread gives back the lock that main wants.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t ledger = PTHREAD_MUTEX_INITIALIZER;

static void *forgetful(void *arg)
{
    pthread_mutex_lock(&ledger);
    pthread_mutex_unlock(&ledger);
    return arg;
}

int main(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, forgetful, NULL);
    pthread_join(thread, NULL);
    pthread_mutex_lock(&ledger);
    puts("done");
    pthread_mutex_unlock(&ledger);
    return 0;
}

// What no detector may complain of: two threads write one variable under one
// lock.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *work(void *arg)
{
    pthread_mutex_lock(&lock);
    counter++;
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t one, two;

    if (pthread_create(&one, NULL, work, NULL) ||
        pthread_create(&two, NULL, work, NULL)) {
        return 1;
    }
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    puts("done");
    return 0;
}

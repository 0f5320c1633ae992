// Two threads in localtime_r, which has a lock of its own.
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int years;

static void *work(void *arg)
{
    time_t zero = 0;
    struct tm tm;

    localtime_r(&zero, &tm);
    pthread_mutex_lock(&lock);
    years += tm.tm_year;
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t one, two;

    pthread_create(&one, NULL, work, NULL);
    pthread_create(&two, NULL, work, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    printf("%d\n", years > 0);
    return 0;
}

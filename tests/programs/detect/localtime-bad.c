// Two threads in localtime_r, and then both at one sum.
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static int years;

static void *work(void *arg)
{
    time_t zero = 0;
    struct tm tm;

    localtime_r(&zero, &tm);
    years += tm.tm_year;
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

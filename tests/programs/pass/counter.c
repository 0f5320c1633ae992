// expect: proved 90
// args: 3 2
// N threads with K critical sections each on one lock.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum, sections;

static void *work(void *arg)
{
    (void)arg;
    for (int i = 0; i < sections; i++) {
        pthread_mutex_lock(&lock);
        sum++;
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 2;
    pthread_t t[8];

    sections = argc > 2 ? atoi(argv[2]) : 2;
    for (int i = 0; i < threads; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", sum);
    return sum != threads * sections;
}

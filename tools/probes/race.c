// What every race detector must see: two threads write one variable, and
// nothing orders them.
#include <pthread.h>
#include <stdio.h>

static pthread_barrier_t start;
static int counter;

static void *work(void *arg)
{
    pthread_barrier_wait(&start);
    counter++;
    return arg;
}

int main(void)
{
    pthread_t one, two;

    if (pthread_barrier_init(&start, NULL, 2) ||
        pthread_create(&one, NULL, work, NULL) ||
        pthread_create(&two, NULL, work, NULL)) {
        return 1;
    }
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    puts("done");
    return 0;
}

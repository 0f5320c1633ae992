// expect: fail data-race
// One sorts what the other looks at.
#include <pthread.h>
#include <stdlib.h>

static int number[3] = {3, 1, 2};

static int order(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void *work(void *arg)
{
    qsort(number, 3, sizeof number[0], order);
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

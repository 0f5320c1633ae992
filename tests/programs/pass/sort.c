// expect: proved 2
// One after the other.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int number[3] = {3, 1, 2};

static int order(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void *work(void *arg)
{
    pthread_mutex_lock(&lock);
    qsort(number, 3, sizeof number[0], order);
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return number[0] != 1 || number[2] != 3;
}

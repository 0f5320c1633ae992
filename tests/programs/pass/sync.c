// expect: proved 2
// One update instead of a look and an exchange.
#include <pthread.h>

static int sum;

static void *work(void *arg)
{
    __sync_fetch_and_add(&sum, 1);
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return sum != 2;
}

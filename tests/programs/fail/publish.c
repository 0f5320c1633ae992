// expect: fail data-race
// A relaxed store publishes nothing.
#include <pthread.h>

static int data, ready;

static void *work(void *arg)
{
    if (!__atomic_exchange_n(&ready, 1, __ATOMIC_RELAXED))
        data = 1;
    else if (__atomic_load_n(&ready, __ATOMIC_RELAXED) == 2)
        return data ? arg : NULL;
    __atomic_store_n(&ready, 2, __ATOMIC_RELAXED);
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

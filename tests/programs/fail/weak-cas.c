// expect: fail exit-code
// expect clang: proved
// (clang announces every exchange as a strong one.)
// A weak exchange may fail for no reason; once is not enough.
#include <pthread.h>
#include <stdatomic.h>

static atomic_int turn[2], sum;

static void *work(void *arg)
{
    int none = 0;

    if (atomic_compare_exchange_weak(&turn[0], &none, 1))
        sum++;
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return sum != 1;
}

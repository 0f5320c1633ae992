// expect: proved
// A release store, and an acquire load that sees it.
#include <pthread.h>

static int data, ready;

static void *work(void *arg)
{
    if (!__atomic_exchange_n(&ready, 1, __ATOMIC_ACQ_REL)) {
        data = 1;
        __atomic_store_n(&ready, 2, __ATOMIC_SEQ_CST);
    } else if (__atomic_load_n(&ready, __ATOMIC_SEQ_CST) == 2) {
        return data ? arg : &data;
    }
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return data != 1;
}

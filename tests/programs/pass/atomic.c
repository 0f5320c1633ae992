// expect: proved
// A counter kept with a compare-exchange loop, of three sizes.
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

static _Atomic uint8_t small;
static _Atomic uint32_t medium;
static uint64_t large;

static void *add(void *arg)
{
    uint32_t seen = atomic_load(&medium);

    (void)arg;
    small++;
    while (!atomic_compare_exchange_weak(&medium, &seen, seen + 1))
        ;
    __atomic_fetch_add(&large, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, add, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return small + medium + large != 6;
}

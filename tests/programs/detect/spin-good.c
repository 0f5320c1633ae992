// A spin lock of an atomic_flag.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_flag flag = ATOMIC_FLAG_INIT;
static int counter;

static void *work(void *arg)
{
    for (int i = 0; i < 20; i++) {
        while (atomic_flag_test_and_set_explicit(&flag, memory_order_acquire)) {
        }
        counter++;
        atomic_flag_clear_explicit(&flag, memory_order_release);
    }
    return arg;
}

int main(void)
{
    pthread_t one, two;

    pthread_create(&one, NULL, work, NULL);
    pthread_create(&two, NULL, work, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    printf("%d\n", counter);
    return 0;
}

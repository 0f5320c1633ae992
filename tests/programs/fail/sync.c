// expect: fail exit-code
// An exchange that did not take place is not tried again.
#include <pthread.h>

static int sum;

static void *work(void *arg)
{
    int seen = __sync_fetch_and_add(&sum, 0);

    __sync_bool_compare_and_swap(&sum, seen, seen + 1);
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

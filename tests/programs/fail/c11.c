// expect: fail data-race
// C11 threads without the lock.
#include <threads.h>

static int sum;

static int add(void *arg)
{
    (void)arg;
    sum++;
    return 0;
}

int main(void)
{
    thrd_t t[2];

    for (int i = 0; i < 2; i++)
        thrd_create(&t[i], add, NULL);
    for (int i = 0; i < 2; i++)
        thrd_join(t[i], NULL);
    return 0;
}

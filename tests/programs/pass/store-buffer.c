// expect: proved 3
// With the strongest order one of the two sees the other.
#include <pthread.h>
#include <stdatomic.h>

static atomic_int x, y;
static int a, b;

static void *left(void *arg)
{
    atomic_store(&x, 1);
    a = atomic_load(&y);
    return arg;
}

static void *right(void *arg)
{
    atomic_store(&y, 1);
    b = atomic_load(&x);
    return arg;
}

int main(void)
{
    pthread_t t[2];

    pthread_create(&t[0], NULL, left, NULL);
    pthread_create(&t[1], NULL, right, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return !a && !b;
}

// C11 threads without the lock.
#include <stdio.h>
#include <threads.h>

static mtx_t lock;
static cnd_t ready;
static int counter;

static int work(void *arg)
{
    counter++;
    (void)arg;
    return 7;
}

int main(void)
{
    thrd_t one, two;
    int a, b;

    mtx_init(&lock, mtx_plain);
    cnd_init(&ready);
    thrd_create(&one, work, NULL);
    thrd_create(&two, work, NULL);
    mtx_lock(&lock);
    cnd_broadcast(&ready);
    mtx_unlock(&lock);
    thrd_join(one, &a);
    thrd_join(two, &b);
    printf("%d\n", a + b);
    cnd_destroy(&ready);
    mtx_destroy(&lock);
    return 0;
}

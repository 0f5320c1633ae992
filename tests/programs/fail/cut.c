// expect: fail assert
// main returns at once, so the thread that would fail is mostly cut off.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int sum;

static void *work(void *arg)
{
    int before = sum;

    sum = before + 1;
    assert(sum == before + 2);
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, work, NULL);
    pthread_detach(t);
    return 0;
}

// expect: proved
// note: thread-leak
// main returns while the thread may still run, and nothing is lost by that.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int sum;

static void *work(void *arg)
{
    int before = sum;

    sum = before + 1;
    assert(sum == before + 1);
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, work, NULL);
    return 0;
}

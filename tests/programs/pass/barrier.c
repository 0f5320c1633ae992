// expect: proved
// Two rounds with a barrier between; exactly one thread is the serial one.
#include <pthread.h>
#include <stdatomic.h>

static pthread_barrier_t barrier;
static int part[2], sum[2];
static atomic_int serial;

static void *work(void *arg)
{
    int me = *(int *)arg;

    part[me] = me + 1;
    if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
        serial++;
    sum[me] = part[0] + part[1];
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    static int id[2] = {0, 1};

    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, &id[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    pthread_barrier_destroy(&barrier);
    return sum[0] != 3 || sum[1] != 3 || serial != 1;
}

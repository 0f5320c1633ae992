// expect: proved 1
// Nobody looks who was the serial thread: it does not matter who.
#include <pthread.h>

static pthread_barrier_t barrier;
static int part[2];

static void *work(void *arg)
{
    part[1] = 1;
    pthread_barrier_wait(&barrier);
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&t, NULL, work, NULL);
    part[0] = 1;
    pthread_barrier_wait(&barrier);
    pthread_join(t, NULL);
    return part[0] + part[1] != 2;
}

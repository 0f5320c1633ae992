// expect: fail exit-code
// main does not look who was the serial thread and takes it for itself.
#include <pthread.h>

static pthread_barrier_t barrier;
static int serial;

static void *work(void *arg)
{
    serial = pthread_barrier_wait(&barrier);
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&t, NULL, work, NULL);
    pthread_barrier_wait(&barrier);
    pthread_join(t, NULL);
    return serial != 0;
}

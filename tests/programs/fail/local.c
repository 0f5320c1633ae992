// expect: fail data-race
// A counter that was meant to be of one thread.
#include <pthread.h>

static int count;

static void *work(void *arg)
{
    for (int i = 0; i < 2; i++)
        count++;
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

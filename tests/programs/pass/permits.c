// expect: proved 2
// A semaphore of one is a lock.
#include <pthread.h>
#include <semaphore.h>

static sem_t permits;
static int sum;

__attribute__((constructor)) static void set_up(void)
{
    sem_init(&permits, 0, 1);
}

static void *work(void *arg)
{
    sem_wait(&permits);
    sum++;
    sem_post(&permits);
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

// expect: proved
// A semaphore is what one may take and another give back.
#include <pthread.h>
#include <semaphore.h>

static sem_t done;

static void *let_go(void *arg)
{
    sem_post(&done);
    return arg;
}

int main(void)
{
    pthread_t t;

    sem_init(&done, 0, 0);
    pthread_create(&t, NULL, let_go, NULL);
    sem_wait(&done);
    pthread_join(t, NULL);
    sem_destroy(&done);
    return 0;
}

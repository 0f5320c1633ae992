// expect: proved
// A semaphore hands a value over.
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t filled;
static int value;

static void *fill(void *arg)
{
    (void)arg;
    value = 7;
    sem_post(&filled);
    return NULL;
}

int main(void)
{
    pthread_t t;

    sem_init(&filled, 0, 0);
    pthread_create(&t, NULL, fill, NULL);
    sem_wait(&filled);
    printf("%d\n", value);
    pthread_join(t, NULL);
    sem_destroy(&filled);
    return 0;
}

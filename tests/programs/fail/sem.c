// expect: fail hang
// Two take, one gives.
#include <pthread.h>
#include <semaphore.h>

static sem_t tokens;

static void *take(void *arg)
{
    (void)arg;
    sem_wait(&tokens);
    return NULL;
}

int main(void)
{
    pthread_t t[2];

    sem_init(&tokens, 0, 0);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, take, NULL);
    sem_post(&tokens);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

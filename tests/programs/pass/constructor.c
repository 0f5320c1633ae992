// expect: proved
// Objects that are initialised before main.
#include <pthread.h>
#include <semaphore.h>

static sem_t tokens;
static pthread_barrier_t barrier;

__attribute__((constructor)) static void set_up(void)
{
    sem_init(&tokens, 0, 1);
    pthread_barrier_init(&barrier, NULL, 2);
}

static void *meet(void *arg)
{
    sem_wait(&tokens);
    sem_post(&tokens);
    pthread_barrier_wait(&barrier);
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, meet, NULL);
    meet(NULL);
    pthread_join(t, NULL);
    return 0;
}

// expect: proved
// A wait with a limit, until there is one to be had.
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

static sem_t tokens;
static atomic_int got, first;

static void *work(void *arg)
{
    struct timespec until;

    if (!first++) {
        usleep(20000);
        sem_post(&tokens);
        return NULL;
    }
    do {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
    } while (sem_timedwait(&tokens, &until));
    got = !sem_trywait(&tokens);
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return got;
}

// expect: fail data-race
// args: 3
// Each thread says that it has taken its number before it has.
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

static sem_t go_on;
static int done[8];

static void work(int number)
{
    done[number] = number + 1;
}

static void *start(void *arg)
{
    int number;

    sem_post(&go_on);
    number = *(int *)arg;
    work(number);
    return NULL;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 3, sum = 0;
    pthread_t t[8];

    sem_init(&go_on, 0, 0);
    for (int i = 0; i < threads; i++) {
        pthread_create(&t[i], NULL, start, &i);
        sem_wait(&go_on);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(t[i], NULL);
        sum += done[i];
    }
    printf("%d\n", sum);
    return sum != threads * (threads + 1) / 2;
}

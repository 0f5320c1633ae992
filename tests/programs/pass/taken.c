// expect: proved
// args: 3 0
// main creates the next thread when the one before has taken its number, or,
// with a second argument of 1, when it has done its work.
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

static sem_t go_on;
static int late, done[8];

static void work(int number)
{
    done[number] = number + 1;
}

static void *start(void *arg)
{
    int number = *(int *)arg;

    if (!late)
        sem_post(&go_on);
    work(number);
    if (late)
        sem_post(&go_on);
    return NULL;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 3, sum = 0;
    pthread_t t[8];

    late = argc > 2 && atoi(argv[2]);
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

// The byte goes into the pipe before the value is there.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int ends[2];
static int payload, seen;

static void *producer(void *arg)
{
    if (write(ends[1], "x", 1) != 1) {
        return NULL;
    }
    payload = 42;
    return arg;
}

static void *consumer(void *arg)
{
    char byte;

    if (read(ends[0], &byte, 1) == 1) {
        seen = payload;
    }
    return arg;
}

int main(void)
{
    pthread_t one, two;

    if (pipe(ends) != 0) {
        return 1;
    }
    pthread_create(&one, NULL, consumer, NULL);
    pthread_create(&two, NULL, producer, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    printf("%d\n", seen % 42);
    return 0;
}

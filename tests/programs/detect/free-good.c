// A message is freed when the reader has ended.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int *message;
static int seen;

static void *reader(void *arg)
{
    pthread_mutex_lock(&lock);
    int *mine = message;
    pthread_mutex_unlock(&lock);
    seen = *mine;
    return arg;
}

int main(void)
{
    pthread_t thread;

    message = malloc(sizeof(*message));
    *message = 42;
    pthread_create(&thread, NULL, reader, NULL);
    pthread_join(thread, NULL);
    free(message);
    puts("done");
    return seen == 7;
}

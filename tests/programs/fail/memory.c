// expect: fail use-after-free
// main frees what the thread may still read.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *use(void *arg)
{
    int *value = arg;

    pthread_mutex_lock(&lock);
    value[0]++;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    int *value = calloc(1, sizeof *value);
    pthread_t t;

    pthread_create(&t, NULL, use, value);
    pthread_mutex_lock(&lock);
    free(value);
    pthread_mutex_unlock(&lock);
    pthread_join(t, NULL);
    return 0;
}

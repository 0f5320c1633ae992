// expect: fail use-after-free
// The destructor frees what another thread still reads.
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;
static int *shared;

static void *owner(void *arg)
{
    pthread_setspecific(key, shared);
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_key_create(&key, free);
    shared = calloc(1, sizeof *shared);
    pthread_create(&t, NULL, owner, NULL);
    pthread_join(t, NULL);
    return *shared;
}

// expect: fail crash
// A pointer is taken away between the check and the use.
#include <pthread.h>
#include <stdatomic.h>

static int value = 1;
static int *_Atomic shared = &value;

static void *use(void *arg)
{
    (void)arg;
    if (shared)
        return (void *)(long)*shared;
    return NULL;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, use, NULL);
    shared = NULL;
    pthread_join(t, NULL);
    return 0;
}

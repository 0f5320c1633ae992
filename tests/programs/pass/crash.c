// expect: proved
// The pointer is read once.
#include <pthread.h>
#include <stdatomic.h>

static int value = 1;
static int *_Atomic shared = &value;

static void *use(void *arg)
{
    int *mine = shared;

    (void)arg;
    return (void *)(long)(mine ? *mine : 0);
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, use, NULL);
    shared = NULL;
    pthread_join(t, NULL);
    return 0;
}

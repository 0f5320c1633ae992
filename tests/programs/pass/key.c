// expect: proved 1
// Each thread frees its own, the last use before its end.
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;

static void *owner(void *arg)
{
    int *mine = calloc(1, sizeof *mine);

    pthread_setspecific(key, mine);
    ++*(int *)pthread_getspecific(key);
    return arg;
}

int main(void)
{
    pthread_t t[2];

    pthread_key_create(&key, free);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, owner, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return pthread_key_delete(key);
}

// expect: proved
// pthread_once makes one table for all, and keys have destructors.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int *table;
static atomic_int destroyed;

static void forget(void *p)
{
    free(p);
    destroyed++;
}

static void make(void)
{
    table = calloc(4, sizeof *table);
    table[0] = 1;
    pthread_key_create(&key, forget);
}

static void *use(void *arg)
{
    (void)arg;
    pthread_once(&once, make);
    pthread_setspecific(key, malloc(8));
    return (void *)(long)(table[0] + (pthread_getspecific(key) != NULL));
}

int main(void)
{
    pthread_t t[2];
    void *got[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, use, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], &got[i]);
    free(table);
    return (long)got[0] != 2 || (long)got[1] != 2 || destroyed != 2;
}

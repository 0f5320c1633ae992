// expect: fail data-race
// A table made once, by hand: checked without a lock.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int *table;

static void *use(void *arg)
{
    (void)arg;
    if (!table) {
        pthread_mutex_lock(&lock);
        if (!table)
            table = calloc(4, sizeof *table);
        pthread_mutex_unlock(&lock);
    }
    return table;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, use, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    free(table);
    return 0;
}

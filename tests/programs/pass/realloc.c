// expect: proved 1
// The pointer is taken again.
#include <pthread.h>
#include <stdlib.h>

static void *work(void *arg)
{
    int *a = malloc(sizeof *a), *b;

    a = realloc(a, 2 * sizeof *a);
    b = a;
    *b = 1;
    free(a);
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

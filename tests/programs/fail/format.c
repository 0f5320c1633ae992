// expect: fail data-race
// A line is put together in a buffer that both use.
#include <pthread.h>
#include <stdio.h>

static char line[32];

static void *work(void *arg)
{
    snprintf(line, sizeof line, "%p", arg);
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

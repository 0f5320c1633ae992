// expect: proved 1
// Each has a buffer of its own.
#include <pthread.h>
#include <stdio.h>

static void *work(void *arg)
{
    char line[32];

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

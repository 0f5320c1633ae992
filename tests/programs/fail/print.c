// expect: fail wrong-output
// stdout: 1\n2
// Two threads print, and which is first is open.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int next;

static void *work(void *arg)
{
    int me = ++next;

    printf("%d\n", me);
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

// expect: fail cut-off
// main returns, and what the detached thread would print may be lost.
#include <pthread.h>
#include <stdio.h>

static void *hello(void *arg)
{
    (void)arg;
    puts("hello");
    return NULL;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, hello, NULL);
    pthread_detach(t);
    return 0;
}

// expect: proved
// main ends with pthread_exit; the others print, and a handler runs last.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void bye(void)
{
    puts("bye");
}

static void *hello(void *arg)
{
    (void)arg;
    puts("hello");
    return NULL;
}

int main(void)
{
    pthread_t t;

    atexit(bye);
    pthread_create(&t, NULL, hello, NULL);
    pthread_detach(t);
    pthread_exit(NULL);
}

// expect: fail concurrent serial
#include "right.h"

#include <pthread.h>
#include <unistd.h>

static void *wait_for_ever(void *arg)
{
    for (;;)
        pause();
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    pthread_attr_t small;
    long n = 0;

    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 16);
    while (pthread_create(&thread, &small, wait_for_ever, NULL) == 0)
        n++;
    return n < 100000;
}

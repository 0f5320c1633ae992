// expect: fail concurrent serial
#include "right.h"

#include <pthread.h>
#include <setjmp.h>

static jmp_buf place;

static void *jump(void *arg)
{
    longjmp(place, arg ? 2 : 1);
}

int main(int argc, char **argv)
{
    pthread_t thread;

    if (setjmp(place) == 0) {
        pthread_create(&thread, NULL, jump, NULL);
        pthread_join(thread, NULL);
    }
    return right(argc, argv);
}

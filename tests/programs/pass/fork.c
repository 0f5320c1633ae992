// expect: proved
// A thread instead of a second process.
#include <pthread.h>

static void *child(void *arg)
{
    return arg;
}

int main(void)
{
    pthread_t t;

    return pthread_create(&t, NULL, child, NULL) || pthread_join(t, NULL);
}

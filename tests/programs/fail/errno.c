// expect: fail data-race
// An error is kept in a variable of all threads.
#include <pthread.h>
#include <unistd.h>

static int error;

static void *work(void *arg)
{
    error = close(-1);
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

// expect: proved
// errno is a variable of each thread.
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

static void *work(void *arg)
{
    errno = 0;
    if (close(-1) != -1 || errno != EBADF)
        pthread_exit(work);
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

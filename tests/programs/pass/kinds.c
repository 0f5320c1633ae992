// expect: proved
// note: api-misuse
// An error-checking mutex says EDEADLK and EPERM, and who asks hears it.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static int sum;

static void inner(void)
{
    int err = pthread_mutex_lock(&lock);

    sum++;
    if (err != EDEADLK)
        pthread_mutex_unlock(&lock);
}

int main(void)
{
    inner();
    pthread_mutex_lock(&lock);
    inner();
    pthread_mutex_unlock(&lock);
    return pthread_mutex_unlock(&lock) != EPERM || sum != 2;
}

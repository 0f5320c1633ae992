// expect: fail self-deadlock bad-unlock
// An error-checking mutex says EDEADLK, and nobody looks: the inner unlock
// lets go of what the outer caller believes it holds.
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static int sum;

static void inner(void)
{
    pthread_mutex_lock(&lock);
    sum++;
    pthread_mutex_unlock(&lock);
}

int main(void)
{
    pthread_mutex_lock(&lock);
    inner();
    pthread_mutex_unlock(&lock);
    return 0;
}

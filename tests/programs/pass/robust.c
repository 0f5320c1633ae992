// expect: proved
// The owner died; the next one makes the robust mutex consistent.
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t lock;

static void *die(void *arg)
{
    pthread_mutex_lock(&lock);
    return arg;
}

int main(void)
{
    pthread_mutexattr_t attr;
    pthread_t t;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&lock, &attr);
    pthread_create(&t, NULL, die, NULL);
    pthread_join(t, NULL);
    if (pthread_mutex_lock(&lock) == EOWNERDEAD)
        pthread_mutex_consistent(&lock);
    pthread_mutex_unlock(&lock);
    return pthread_mutex_lock(&lock) || pthread_mutex_unlock(&lock);
}

// expect: proved
// It is locked and not tried: rounds without effect are seen by nobody.
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void *polite(void *arg)
{
    for (;;) {
        pthread_mutex_lock(&b);
        if (!pthread_mutex_trylock(&a))
            break;
        pthread_mutex_unlock(&b);
        sched_yield();
    }
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
    return arg;
}

int main(void)
{
    pthread_t t;

    pthread_mutex_lock(&a);
    pthread_create(&t, NULL, polite, NULL);
    pthread_mutex_lock(&b);
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
    pthread_join(t, NULL);
    return 0;
}

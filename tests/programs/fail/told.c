// expect: bounded step-limit
// A loop takes and gives back a lock while another thread tries it: how often
// the loop goes round can be told, and any number of rounds is possible.
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
    if (!pthread_mutex_trylock(&b))
        pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
    pthread_join(t, NULL);
    return 0;
}

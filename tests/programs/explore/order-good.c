// expect: clean
// Two locks in two orders, but a gate lock around them; and one that tries
// and backs off.
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void *both(void *arg)
{
    pthread_mutex_lock(&gate);
    pthread_mutex_lock(arg ? &a : &b);
    pthread_mutex_lock(arg ? &b : &a);
    pthread_mutex_unlock(arg ? &b : &a);
    pthread_mutex_unlock(arg ? &a : &b);
    pthread_mutex_unlock(&gate);
    return NULL;
}

static void *polite(void *arg)
{
    (void)arg;
    for (;;) {
        pthread_mutex_lock(&b);
        if (!pthread_mutex_trylock(&a))
            break;
        pthread_mutex_unlock(&b);
        sched_yield();
    }
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
    return NULL;
}

int main(void)
{
    pthread_t t[3];

    pthread_create(&t[0], NULL, both, NULL);
    pthread_create(&t[1], NULL, both, &a);
    pthread_create(&t[2], NULL, polite, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    return 0;
}

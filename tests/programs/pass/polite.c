// expect: proved
// Try, give back, try again, however often: no order of turns is wrong.
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void *direct(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
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
    pthread_t t[2];

    pthread_create(&t[0], NULL, direct, NULL);
    pthread_create(&t[1], NULL, polite, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

// expect: proved
// A plain variable, but under a mutex at each look.
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool ready;

static void *set(void *arg)
{
    pthread_mutex_lock(&lock);
    ready = true;
    pthread_mutex_unlock(&lock);
    return arg;
}

static bool is_ready(void)
{
    bool seen;

    pthread_mutex_lock(&lock);
    seen = ready;
    pthread_mutex_unlock(&lock);
    return seen;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, set, NULL);
    while (!is_ready())
        sched_yield();
    pthread_join(t, NULL);
    return 0;
}

// expect: proved 2
// A struct is assigned under a lock.
#include <pthread.h>

struct point {
    long x, y, z;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct point here;
static const struct point there = {1, 2, 3};

static void *work(void *arg)
{
    pthread_mutex_lock(&lock);
    here = there;
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return here.z != 3;
}

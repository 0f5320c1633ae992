// expect: fail data-race
// A struct is assigned while the other one assigns it.
#include <pthread.h>

struct point {
    long x, y, z;
};

static struct point here;
static const struct point there = {1, 2, 3};

static void *work(void *arg)
{
    here = there;
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

// expect: proved
// Only the pointer is passed, and a lock is held around both.
#include <pthread.h>

struct point {
    long x, y, z;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct point here;

static long sum(const struct point *p)
{
    return p->x + p->y + p->z;
}

static void *move(void *arg)
{
    pthread_mutex_lock(&lock);
    here.x = here.y = here.z = 1;
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t t;
    long seen;

    pthread_create(&t, NULL, move, NULL);
    pthread_mutex_lock(&lock);
    seen = sum(&here);
    pthread_mutex_unlock(&lock);
    pthread_join(t, NULL);
    return seen != 0 && seen != 3;
}

// expect: bounded uninstrumented
// A struct is passed by value while another thread assigns it. Compilers
// announce neither copy, so it cannot be proved, which is said.
#include <pthread.h>

struct point {
    long x, y, z;
};

static struct point here;

static long sum(struct point p)
{
    return p.x + p.y + p.z;
}

static struct point make(long v)
{
    return (struct point){v, v, v};
}

static void *move(void *arg)
{
    here = make(1);
    return arg;
}

int main(void)
{
    pthread_t t;
    long seen;

    pthread_create(&t, NULL, move, NULL);
    seen = sum(here);
    pthread_join(t, NULL);
    return seen != 0 && seen != 3;
}

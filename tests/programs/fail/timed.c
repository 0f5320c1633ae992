// expect: fail exit-code
// Order by sleep: right unless the other thread is slow.
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int done;

static void *work(void *arg)
{
    (void)arg;
    done = 1;
    return NULL;
}

int main(void)
{
    pthread_t t;
    int seen;

    pthread_create(&t, NULL, work, NULL);
    usleep(100000);
    seen = done;
    pthread_join(t, NULL);
    return !seen;
}

// expect: fail exit-code
// It waits three times 10 ms and then goes on as if it had been told.
#include <pthread.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool ready;

static void *later(void *arg)
{
    usleep(50000);
    pthread_mutex_lock(&lock);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    struct timespec until;
    bool seen;
    pthread_t t;

    pthread_create(&t, NULL, later, NULL);
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 3 && !ready; i++) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 10000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&changed, &lock, &until);
    }
    seen = ready;
    pthread_mutex_unlock(&lock);
    pthread_join(t, NULL);
    return !seen;
}

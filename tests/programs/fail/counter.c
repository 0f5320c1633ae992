// expect: fail data-race
// args: 2 2
// N threads with K critical sections, each on a lock of its own.
#include <pthread.h>
#include <stdlib.h>

static int sum, sections;

static void *work(void *lock)
{
    for (int i = 0; i < sections; i++) {
        pthread_mutex_lock(lock);
        sum++;
        pthread_mutex_unlock(lock);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 2;
    pthread_mutex_t lock[8];
    pthread_t t[8];

    sections = argc > 2 ? atoi(argv[2]) : 2;
    for (int i = 0; i < threads; i++) {
        pthread_mutex_init(&lock[i], NULL);
        pthread_create(&t[i], NULL, work, &lock[i]);
    }
    for (int i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    return 0;
}

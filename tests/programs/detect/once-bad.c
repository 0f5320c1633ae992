// A table set up behind a flag that is looked at without the lock.
#include <pthread.h>
#include <stdio.h>

static pthread_once_t unused = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t start;
static int done, table;

static void nothing(void)
{
}

static void *work(void *arg)
{
    pthread_once(&unused, nothing);
    pthread_barrier_wait(&start);
    if (!done) {
        pthread_mutex_lock(&lock);
        if (!done) {
            table = 42;
            done = 1;
        }
        pthread_mutex_unlock(&lock);
    }
    return table == 42 ? arg : &table;
}

int main(void)
{
    pthread_t one, two;

    pthread_barrier_init(&start, NULL, 2);
    pthread_create(&one, NULL, work, NULL);
    pthread_create(&two, NULL, work, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    printf("%d\n", table);
    return 0;
}

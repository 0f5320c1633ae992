/*
 * N threads that add one to a number under a lock, K times each: hardly any
 * work of its own, so what a schedule costs is the explorer's.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_THREADS = 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int rounds, total; /* total is guarded by lock */

static void *add(void *arg)
{
    for (int i = 0; i < rounds; i++) {
        pthread_mutex_lock(&lock);
        total++;
        pthread_mutex_unlock(&lock);
    }
    return arg;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 2;
    pthread_t threads[MAX_THREADS];

    rounds = argc > 2 ? atoi(argv[2]) : 10;
    if (n < 1 || n > MAX_THREADS || rounds < 1) {
        fprintf(stderr, "usage: increments [THREADS [ROUNDS]]\n");
        return 2;
    }
    for (int i = 0; i < n; i++)
        if (pthread_create(&threads[i], NULL, add, NULL))
            return 1;
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    printf("%d\n", total);
    return total == n * rounds ? 0 : 1;
}

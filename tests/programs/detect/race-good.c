// Two threads add to one counter, both with the lock.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t start;
static struct {
    int id;
    int balance;
} accounts[3];

static void *careful(void *arg)
{
    pthread_barrier_wait(&start);
    pthread_mutex_lock(&lock);
    accounts[1].balance++;
    pthread_mutex_unlock(&lock);
    return arg;
}

static void *careless(void *arg)
{
    pthread_barrier_wait(&start);
    pthread_mutex_lock(&lock);
    accounts[1].balance++;
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t a, b;

    pthread_barrier_init(&start, NULL, 2);
    pthread_create(&a, NULL, careful, NULL);
    pthread_create(&b, NULL, careless, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", accounts[1].balance > 0);
    return 0;
}

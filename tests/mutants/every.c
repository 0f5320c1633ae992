/* Every operator of tools/mutants has something to change here. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <threads.h>

#define LOCK() pthread_mutex_lock(&a)
#define CHECK(call) ((call) ? (void)thrd_yield() : (void)0)

static pthread_mutex_t a, b; /* größer: a byte is not a character */
static pthread_cond_t changed;
static pthread_rwlock_t table;
static pthread_barrier_t start;
static pthread_t thread;
static sem_t room;
static mtx_t plain;
static atomic_int count, done;
static int sum, parts;

static void two_locks(void)
{
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    sum++;
    parts++;
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
}

static int waits(void)
{
    CHECK(pthread_mutex_lock(&a));
    while (sum == 0) {
        pthread_cond_wait(&changed, &a);
    }
    sum = 0;
    pthread_cond_broadcast(&changed);
    CHECK(pthread_mutex_unlock(&a));
    return 1;
}

static void others(void)
{
    pthread_rwlock_wrlock(&table);
    parts--;
    pthread_rwlock_unlock(&table);
    mtx_lock(&plain);
    mtx_unlock(&plain);
    sem_wait(&room);
    sem_post(&room);
    pthread_barrier_wait(&start);
    pthread_cond_signal(&changed);
    if (pthread_mutex_trylock(&b) == 0)
        pthread_mutex_unlock(&b);
    LOCK();
}

static void atomics(void)
{
    int seen = atomic_load_explicit(&count, memory_order_acquire);

    do {
        sched_yield();
    } while (!atomic_compare_exchange_weak(&count, &seen, seen + 1));
    atomic_fetch_add(&count, 2);
    count++;
    count -= seen;
    __atomic_fetch_sub(&sum, 1, __ATOMIC_SEQ_CST);
    atomic_store(&done, 1);
    for (int i = 0; i < 3; i++)
        pthread_join(thread, NULL);
}

int main(void)
{
    two_locks();
    others();
    atomics();
    return waits();
}

// expect: proved
// A spin lock, and a hand-made one from atomic_flag.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static pthread_spinlock_t spin;
static atomic_flag flag = ATOMIC_FLAG_INIT;
static int sum, other;

static void *add(void *arg)
{
    (void)arg;
    pthread_spin_lock(&spin);
    sum++;
    pthread_spin_unlock(&spin);
    while (atomic_flag_test_and_set(&flag))
        sched_yield();
    other++;
    atomic_flag_clear(&flag);
    return NULL;
}

int main(void)
{
    pthread_t t[2];

    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, add, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    pthread_spin_destroy(&spin);
    return sum + other != 4;
}

// expect: fail self-deadlock
// A spin lock is locked twice by one thread.
#include <pthread.h>

static pthread_spinlock_t spin;

static void *work(void *arg)
{
    pthread_spin_lock(&spin);
    pthread_spin_lock(&spin);
    pthread_spin_unlock(&spin);
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

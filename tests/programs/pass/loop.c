// expect: proved
// A bounded retry: three tries for a lock, then the slow way. The counter is
// in a register or in a frame, and each try is another one.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void *add(void *arg)
{
    register int tries = 0;

    (void)arg;
    while (pthread_mutex_trylock(&lock)) {
        if (++tries == 3) {
            pthread_mutex_lock(&lock);
            break;
        }
    }
    sum++;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, add, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return sum != 2;
}

// expect: fail nondeterminism
// How often it locks is decided by where the kernel puts its stack.
#include <pthread.h>
#include <stdint.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    int here;

    for (uintptr_t i = (uintptr_t)&here >> 4 & 0xff; i > 0; i--) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    }
    return 0;
}

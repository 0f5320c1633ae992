// expect: proved 1
// Addresses are compared, and which is the lower does not matter.
#include <pthread.h>
#include <stdint.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    pthread_mutex_t *first = (uintptr_t)&a < (uintptr_t)&b ? &a : &b;

    pthread_mutex_lock(first);
    pthread_mutex_lock(first == &a ? &b : &a);
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
    return 0;
}

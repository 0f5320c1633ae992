// expect: fail hang
// The semaphore that a constructor makes has nothing to give.
#include <semaphore.h>

static sem_t tokens;

__attribute__((constructor)) static void set_up(void)
{
    sem_init(&tokens, 0, 0);
}

int main(void)
{
    sem_wait(&tokens);
    return 0;
}

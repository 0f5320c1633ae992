// expect: fail data-race
// Two threads write a name, through strcpy, without a lock.
#include <pthread.h>
#include <string.h>

static char name[16];

static void *work(void *arg)
{
    strcpy(name, "somebody");
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

// expect: fail data-race
// Every thread is given the address of the same loop counter.
#include <pthread.h>

static int seen[3];

static void *work(void *arg)
{
    seen[*(int *)arg % 3]++;
    return NULL;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, &i);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

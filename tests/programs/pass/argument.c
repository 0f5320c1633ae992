// expect: proved 1
// Every thread has a number of its own.
#include <pthread.h>

static int seen[2];

static void *work(void *arg)
{
    seen[*(int *)arg]++;
    return NULL;
}

int main(void)
{
    static int number[2] = {0, 1};
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, &number[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return seen[0] != 1 || seen[1] != 1;
}

// expect: proved 1
// Here it is.
#include <pthread.h>

static _Thread_local int count;

static void *work(void *arg)
{
    for (int i = 0; i < 2; i++)
        count++;
    if (count != 2)
        pthread_exit(&count);
    return arg;
}

int main(void)
{
    pthread_t t[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return count;
}

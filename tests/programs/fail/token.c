// expect: fail data-race
// strtok keeps its place in one variable for all threads.
#include <pthread.h>
#include <string.h>

static void *work(void *arg)
{
    char text[] = "a b";

    strtok(text, " ");
    strtok(NULL, " ");
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

// expect: proved 1
// strtok_r keeps it where it is told.
#include <pthread.h>
#include <string.h>

static void *work(void *arg)
{
    char text[] = "a b", *place;

    strtok_r(text, " ", &place);
    strtok_r(NULL, " ", &place);
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

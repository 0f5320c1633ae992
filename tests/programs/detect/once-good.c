// A table set up by pthread_once.
#include <pthread.h>
#include <stdio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int table;

static void set_up(void)
{
    table = 42;
}

static void *work(void *arg)
{
    int mine;

    pthread_once(&once, set_up);
    mine = table;
    return mine == 42 ? arg : &table;
}

int main(void)
{
    pthread_t one, two;

    pthread_create(&one, NULL, work, NULL);
    pthread_create(&two, NULL, work, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    printf("%d\n", table);
    return 0;
}

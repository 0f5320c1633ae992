// expect: proved
// The one that is last frees what both used.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct box {
    atomic_int users;
    int value;
};

static void *use(void *arg)
{
    struct box *box = arg;
    int value = box->value;

    if (atomic_fetch_sub(&box->users, 1) == 1)
        free(box);
    return (void *)(long)value;
}

int main(void)
{
    struct box *box = malloc(sizeof *box);
    pthread_t t[2];

    box->users = 2;
    box->value = 3;
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, use, box);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

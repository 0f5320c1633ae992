// expect: fail use-after-free exit-code data-race crash
// A stack without locks. Between the load of next and the exchange the top
// can be taken, freed, and come back at the same address.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct node {
    _Atomic(struct node *) next;
};

static _Atomic(struct node *) top;

static void push(struct node *n)
{
    struct node *old = top;

    do
        n->next = old;
    while (!atomic_compare_exchange_strong(&top, &old, n));
}

static struct node *pop(void)
{
    struct node *old = top;

    while (old && !atomic_compare_exchange_strong(&top, &old, old->next))
        ;
    return old;
}

static void *taker(void *arg)
{
    free(pop());
    return arg;
}

static void *changer(void *arg)
{
    struct node *a = pop(), *b = pop();

    free(a);
    free(b);
    push(malloc(sizeof(struct node)));
    return arg;
}

int main(void)
{
    pthread_t t[2];

    push(malloc(sizeof(struct node)));
    push(malloc(sizeof(struct node)));
    pthread_create(&t[0], NULL, taker, NULL);
    pthread_create(&t[1], NULL, changer, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}

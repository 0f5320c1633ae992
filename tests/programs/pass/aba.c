// expect: proved
// The same, but the top is changed under the lock under which it was read.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct node {
    struct node *next;
    int value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(struct node *) top;

static void push(int value)
{
    struct node *n = malloc(sizeof *n);

    n->next = top;
    n->value = value;
    top = n;
}

static struct node *pop(void)
{
    struct node *n = top;

    top = n->next;
    return n;
}

static void *whole_pop(void *arg)
{
    struct node *old, *next = NULL;

    pthread_mutex_lock(&lock);
    old = top;
    if (old)
        next = old->next;
    atomic_compare_exchange_strong(&top, &old, next);
    pthread_mutex_unlock(&lock);
    return arg;
}

static void *change(void *arg)
{
    struct node *first, *second;

    pthread_mutex_lock(&lock);
    first = pop();
    second = top ? pop() : NULL;
    free(second);
    free(first);
    push(3);
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t t[2];
    struct node *last;

    push(1);
    push(2);
    pthread_create(&t[0], NULL, whole_pop, NULL);
    pthread_create(&t[1], NULL, change, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    last = top;
    return last ? last->value - 3 : 0;
}

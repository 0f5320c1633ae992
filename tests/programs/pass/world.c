// expect: proved
// Reads standard input and leaves a file behind; no later run may see it.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void *add(void *arg)
{
    pthread_mutex_lock(&lock);
    sum += *(int *)arg;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    static int number[2];
    pthread_t t[2];
    FILE *f;

    if (scanf("%d %d", &number[0], &number[1]) < 0)
        number[0] = 0;
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, add, &number[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    f = fopen("left-behind", "r");
    printf("%d %s\n", sum, f ? "used" : "fresh");
    if (f)
        fclose(f);
    f = fopen("left-behind", "w");
    if (f)
        fclose(f);
    return 0;
}

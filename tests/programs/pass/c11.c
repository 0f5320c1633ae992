// expect: proved
// C11 threads: mutex, condition, once, thread-specific storage.
#include <stdbool.h>
#include <stdio.h>
#include <threads.h>

static mtx_t lock;
static cnd_t changed;
static once_flag once = ONCE_FLAG_INIT;
static tss_t mine;
static int made;
static bool ready;

static void make(void)
{
    made++;
}

static int wait_for_it(void *arg)
{
    call_once(&once, make);
    tss_set(mine, arg);
    mtx_lock(&lock);
    while (!ready)
        cnd_wait(&changed, &lock);
    mtx_unlock(&lock);
    return tss_get(mine) == arg ? 5 : 0;
}

int main(void)
{
    thrd_t t[2];
    int result[2];

    mtx_init(&lock, mtx_plain);
    cnd_init(&changed);
    tss_create(&mine, NULL);
    for (int i = 0; i < 2; i++)
        thrd_create(&t[i], wait_for_it, &result[i]);
    mtx_lock(&lock);
    ready = true;
    cnd_broadcast(&changed);
    mtx_unlock(&lock);
    for (int i = 0; i < 2; i++)
        thrd_join(t[i], &result[i]);
    tss_delete(mine);
    cnd_destroy(&changed);
    mtx_destroy(&lock);
    printf("%d %d %d\n", result[0], result[1], made);
    return result[0] + result[1] + made != 11;
}

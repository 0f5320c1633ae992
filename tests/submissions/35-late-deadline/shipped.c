/*
 * A waiting room. The display, which is main, calls one number after the
 * other, and each visitor waits for their own. The last one is in a hurry and
 * leaves when the patience ends.
 *
 * Usage: waiting_room [VISITORS [PATIENCE]]
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_VISITORS = 16, MAX_PATIENCE = 60000, TICK = 20, FOR_EVER = 0 };

static struct {
    pthread_mutex_t lock; /* guards all that follows */
    pthread_cond_t changed;
    int called, served;
} room = {.lock = PTHREAD_MUTEX_INITIALIZER,
          .changed = PTHREAD_COND_INITIALIZER};

struct visitor {
    pthread_t thread;
    int number, patience; /* milliseconds, or FOR_EVER */
};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "waiting_room: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

/* The time of day, milliseconds from now. */
static struct timespec in(int milliseconds)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += milliseconds % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    return until;
}

/* Wait for the number until the patience ends, and count who was served. */
static void wait_for(int number, int patience)
{
    struct timespec until;
    int err = 0;

    check(pthread_mutex_lock(&room.lock), "lock");
    while (room.called < number && err != ETIMEDOUT) {
        if (patience == FOR_EVER) {
            err = pthread_cond_wait(&room.changed, &room.lock);
        } else {
            until = in(patience);
            err = pthread_cond_timedwait(&room.changed, &room.lock, &until);
        }
    }
    room.served += room.called >= number;
    check(pthread_mutex_unlock(&room.lock), "unlock");
}

static void *visit(void *arg)
{
    struct visitor *visitor = arg;

    wait_for(visitor->number, visitor->patience);
    return NULL;
}

static void call(int number)
{
    check(pthread_mutex_lock(&room.lock), "lock");
    room.called = number;
    check(pthread_cond_broadcast(&room.changed), "broadcast");
    check(pthread_mutex_unlock(&room.lock), "unlock");
}

/* The number in text, or 0 where it is not one from 1 to max. */
static int size(const char *text, int max)
{
    char *end;
    long number = strtol(text, &end, 10);

    return *end || number < 1 || number > max ? 0 : (int)number;
}

int main(int argc, char **argv)
{
    static struct visitor visitors[MAX_VISITORS];
    const struct timespec tick = {.tv_nsec = TICK * 1000000L};
    int count = argc > 1 ? size(argv[1], MAX_VISITORS) : 10;
    int patience = argc > 2 ? size(argv[2], MAX_PATIENCE) : 50;

    if (argc > 3 || count == 0 || patience == 0) {
        fprintf(stderr, "usage: waiting_room [VISITORS [PATIENCE]]\n");
        return 2;
    }
    for (int i = 0; i < count; i++) {
        visitors[i].number = i + 1;
        visitors[i].patience = i + 1 < count ? FOR_EVER : patience;
        check(pthread_create(&visitors[i].thread, NULL, visit, &visitors[i]),
              "create");
    }
    for (int i = 1; i <= count; i++) {
        nanosleep(&tick, NULL);
        call(i);
    }
    for (int i = 0; i < count; i++)
        check(pthread_join(visitors[i].thread, NULL), "join");
    printf("%d served, %d left\n", room.served, count - room.served);
    return 0;
}

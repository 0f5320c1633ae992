/*
 * The logbook of a greenhouse. The main thread measures once an hour and adds
 * a record; a thread in the background writes the records to stdout, so that
 * measuring never waits for a slow disk.
 *
 * Usage: logbook [HOURS]
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HOURS 1000

struct logbook {
    pthread_t writer;
    pthread_mutex_t lock; /* guards all that follows */
    pthread_cond_t changed;
    int degrees[MAX_HOURS];
    int added, taken;
    bool closed; /* no record will be added */
};

static struct logbook book = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .changed = PTHREAD_COND_INITIALIZER,
};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "logbook: %s: %s\n", what, strerror(err));
        exit(1);
    }
}

static void *write_records(void *unused)
{
    (void)unused;
    for (;;) {
        int hour, degrees;

        check(pthread_mutex_lock(&book.lock), "lock");
        while (book.taken == book.added && !book.closed)
            check(pthread_cond_wait(&book.changed, &book.lock), "wait");
        if (book.taken == book.added) {
            check(pthread_mutex_unlock(&book.lock), "unlock");
            return NULL;
        }
        hour = book.taken++;
        degrees = book.degrees[hour];
        check(pthread_mutex_unlock(&book.lock), "unlock");
        printf("hour %d: %d degrees\n", hour + 1, degrees);
    }
}

static void open_book(void)
{
    check(pthread_create(&book.writer, NULL, write_records, NULL), "create");
}

static void add_record(int degrees)
{
    check(pthread_mutex_lock(&book.lock), "lock");
    book.degrees[book.added++] = degrees;
    check(pthread_cond_signal(&book.changed), "signal");
    check(pthread_mutex_unlock(&book.lock), "unlock");
}

static void close_book(void)
{
    check(pthread_mutex_lock(&book.lock), "lock");
    book.closed = true;
    check(pthread_cond_signal(&book.changed), "signal");
    check(pthread_mutex_unlock(&book.lock), "unlock");
    check(pthread_join(book.writer, NULL), "join");
}

static int measure(int hour)
{
    return 15 + hour * 7 % 12;
}

int main(int argc, char **argv)
{
    char *end = "";
    long hours = argc > 1 ? strtol(argv[1], &end, 10) : 3;

    if (argc > 2 || *end || hours < 1 || hours > MAX_HOURS) {
        fprintf(stderr, "usage: logbook [HOURS 1-%d]\n", MAX_HOURS);
        return 2;
    }
    open_book();
    for (int hour = 1; hour <= hours; hour++)
        add_record(measure(hour));
    close_book();
    fprintf(stderr, "%ld records added\n", hours);
    return 0;
}

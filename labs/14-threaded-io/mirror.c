/*
 * Mirrors the files of a server: one thread a file, so that the waiting for
 * the network overlaps. The log says how much came, and of which day each file
 * is.
 *
 * Usage: mirror [FILES [BLOCKS]]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_FILES = 16, MAX_BLOCKS = 1000 };

struct download {
    pthread_t thread;
    int file, blocks;
    long bytes;
    char day[sizeof "2026-12-31"]; /* of its last change, for the log */
};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "mirror: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

/* Stands in for the server: when it last changed the file. */
static time_t changed(int file)
{
    return 1700000000 + file * (time_t)10000000;
}

/* Stands in for the network: waits for a block and says how long it is. */
static long receive(int file)
{
    const struct timespec wait = {.tv_nsec = 1000000};

    nanosleep(&wait, NULL);
    return 512 + 64 * file;
}

static void *download(void *arg)
{
    struct download *me = arg;
    time_t seconds = changed(me->file);
    struct tm *date = gmtime(&seconds);

    for (int i = 0; i < me->blocks; i++)
        me->bytes += receive(me->file);
    strftime(me->day, sizeof me->day, "%Y-%m-%d", date);
    return NULL;
}

static int number(const char *text, int max)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text && !*end && n >= 1 && n <= max ? (int)n : 0;
}

int main(int argc, char **argv)
{
    int files = argc > 1 ? number(argv[1], MAX_FILES) : 4;
    int blocks = argc > 2 ? number(argv[2], MAX_BLOCKS) : 4;
    struct download all[MAX_FILES];

    if (argc > 3 || !files || !blocks) {
        fprintf(stderr, "usage: mirror [FILES 1-%d [BLOCKS 1-%d]]\n", MAX_FILES,
                MAX_BLOCKS);
        return 2;
    }
    for (int i = 0; i < files; i++) {
        all[i] = (struct download){.file = i + 1, .blocks = blocks};
        check(pthread_create(&all[i].thread, NULL, download, &all[i]),
              "create");
    }
    fprintf(stderr, "%d downloads started\n", files);
    for (int i = 0; i < files; i++)
        check(pthread_join(all[i].thread, NULL), "join");
    for (int i = 0; i < files; i++)
        printf("file %d: %ld bytes, of %s\n", all[i].file, all[i].bytes,
               all[i].day);
    return 0;
}

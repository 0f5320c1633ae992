/*
 * Downloads a list of files with several threads and says how much arrived.
 * Worker w takes the files w, w + WORKERS, w + 2 * WORKERS, ... and counts
 * what it received in a struct of its own.
 *
 * Usage: downloads [WORKERS [FILES]]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORKERS 16
#define MAX_FILES 1000
#define BLOCK 512

struct worker {
    pthread_t thread;
    int first, step, end; /* the files first, first + step, ... below end */
    int files;            /* how many have arrived */
    long bytes;           /* how much has arrived */
};

static struct worker workers[MAX_WORKERS];

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "downloads: %s: %s\n", what, strerror(err));
        exit(1);
    }
}

static long size_of(int file)
{
    return 300 + file * 370 % 1100;
}

/* Stands in for the network: how many bytes come next, 0 at the end. */
static long receive(int file, long offset)
{
    long left = size_of(file) - offset;

    return left < BLOCK ? left : BLOCK;
}

static void *download(void *arg)
{
    struct worker *me = arg;

    for (int file = me->first; file < me->end; file += me->step) {
        long offset = 0, got;

        while ((got = receive(file, offset)) > 0)
            offset += got;
        me->files++;
        me->bytes += offset;
    }
    return NULL;
}

static void download_all(int count, int files)
{
    for (int i = 0; i < count; i++) {
        workers[i] = (struct worker){.first = i, .step = count, .end = files};
        check(pthread_create(&workers[i].thread, NULL, download, &workers[i]),
              "pthread_create");
    }
    fprintf(stderr, "%d downloads started\n", count);
    for (int i = 0; i < count; i++)
        check(pthread_join(workers[i].thread, NULL), "pthread_join");
}

static int number(const char *text, int max)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text && !*end && n >= 1 && n <= max ? (int)n : 0;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? number(argv[1], MAX_WORKERS) : 3;
    int files = argc > 2 ? number(argv[2], MAX_FILES) : 12;
    int arrived = 0;
    long bytes = 0, announced = 0;

    if (argc > 3 || !count || !files) {
        fprintf(stderr, "usage: downloads [WORKERS 1-%d [FILES 1-%d]]\n",
                MAX_WORKERS, MAX_FILES);
        return 2;
    }
    download_all(count, files);
    for (int i = 0; i < count; i++) {
        arrived += workers[i].files;
        bytes += workers[i].bytes;
    }
    for (int file = 0; file < files; file++)
        announced += size_of(file);
    printf("%d files, %ld bytes\n", arrived, bytes);
    return arrived == files && bytes == announced ? 0 : 1;
}

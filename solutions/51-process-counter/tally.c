/*
 * A server of several processes. Each answers its requests and counts them,
 * and the bytes that it sent, in memory that all of them share.
 *
 * Usage: tally [WORKERS [REQUESTS]]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORKERS 8
#define MAX_REQUESTS 100000

struct tally {
    pthread_mutex_t lock; /* guards requests and bytes */
    long requests;
    long bytes;
};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "tally: %s: %s\n", what, strerror(err));
        exit(1);
    }
}

static struct tally *new_tally(void)
{
    struct tally *t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t shared;

    if (t == MAP_FAILED) {
        perror("tally: mmap");
        exit(1);
    }
    check(pthread_mutexattr_init(&shared), "pthread_mutexattr_init");
    check(pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED),
          "pthread_mutexattr_setpshared");
    check(pthread_mutex_init(&t->lock, &shared), "pthread_mutex_init");
    return t;
}

static void count(struct tally *t, int bytes)
{
    check(pthread_mutex_lock(&t->lock), "lock");
    t->requests++;
    t->bytes += bytes;
    check(pthread_mutex_unlock(&t->lock), "unlock");
}

static void serve(struct tally *t, int requests)
{
    for (int i = 0; i < requests; i++)
        count(t, 100 + i % 7);
}

static int number(const char *text, int max)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text && !*end && n >= 1 && n <= max ? (int)n : 0;
}

int main(int argc, char **argv)
{
    int workers = argc > 1 ? number(argv[1], MAX_WORKERS) : 3;
    int requests = argc > 2 ? number(argv[2], MAX_REQUESTS) : 4;
    struct tally *tally;

    if (argc > 3 || !workers || !requests) {
        fprintf(stderr, "usage: tally [WORKERS 1-%d [REQUESTS 1-%d]]\n",
                MAX_WORKERS, MAX_REQUESTS);
        return 2;
    }
    tally = new_tally();
    for (int i = 0; i < workers; i++) {
        pid_t pid = fork();

        if (pid < 0) {
            perror("tally: fork");
            return 1;
        }
        if (pid == 0) {
            serve(tally, requests);
            _exit(0);
        }
    }
    for (int i = 0; i < workers; i++) {
        int status;

        if (wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status)) {
            fprintf(stderr, "tally: a worker did not end well\n");
            return 1;
        }
    }
    printf("%ld requests, %ld bytes\n", tally->requests, tally->bytes);
    return 0;
}

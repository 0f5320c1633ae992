/*
 * A pool of processes. TASKS sums of squares, below 10, 20, 30 and so on,
 * are computed by WORKERS processes and printed in the order of the tasks.
 *
 * Usage: sums [WORKERS [TASKS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_WORKERS = 8, MAX_TASKS = 1000 };

/* What a worker sends: one write, and no longer than PIPE_BUF. */
struct result {
    int task;
    char text[124];
};

static void check(int ok, const char *what)
{
    if (!ok) {
        perror(what);
        exit(1);
    }
}

static long long sum_of_squares(long long below)
{
    long long sum = 0;

    for (long long i = 0; i < below; i++)
        sum += i * i;
    return sum;
}

/* Worker number first does each task that is its turn. */
static void work(int to, int first, int workers, int tasks)
{
    for (int task = first; task < tasks; task += workers) {
        struct result r = {.task = task};
        long long below = 10LL * (task + 1);

        snprintf(r.text, sizeof r.text, "below %lld: %lld", below,
                 sum_of_squares(below));
        check(write(to, &r, sizeof r) == sizeof r, "sums: write");
    }
}

/* One result, or 0 at the end of the pipe. */
static int receive(int from, struct result *r)
{
    size_t got = 0;
    ssize_t n;

    while (got < sizeof *r &&
           (n = read(from, (char *)r + got, sizeof *r - got)) > 0)
        got += (size_t)n;
    return got == sizeof *r;
}

static void join(int workers)
{
    for (int i = 0; i < workers; i++) {
        int status;

        check(wait(&status) > 0, "sums: wait");
        if (!WIFEXITED(status) || WEXITSTATUS(status)) {
            fprintf(stderr, "sums: a worker did not end well\n");
            exit(1);
        }
    }
}

static void map(struct result *results, int workers, int tasks)
{
    struct result r;
    int ends[2];

    check(pipe(ends) == 0, "sums: pipe");
    for (int i = 0; i < workers; i++) {
        pid_t pid = fork();

        check(pid >= 0, "sums: fork");
        if (pid == 0) {
            close(ends[0]);
            work(ends[1], i, workers, tasks);
            _exit(0);
        }
    }
    close(ends[1]);
    while (receive(ends[0], &r))
        results[r.task] = r;
    join(workers);
}

static int number(const char *text, int max)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text && !*end && n >= 1 && n <= max ? (int)n : 0;
}

int main(int argc, char **argv)
{
    static struct result results[MAX_TASKS];
    int workers = argc > 1 ? number(argv[1], MAX_WORKERS) : 3;
    int tasks = argc > 2 ? number(argv[2], MAX_TASKS) : 40;

    if (argc > 3 || !workers || !tasks) {
        fprintf(stderr, "usage: sums [WORKERS 1-%d [TASKS 1-%d]]\n",
                MAX_WORKERS, MAX_TASKS);
        return 2;
    }
    map(results, workers, tasks);
    for (int i = 0; i < tasks; i++)
        puts(results[i].text);
    return 0;
}

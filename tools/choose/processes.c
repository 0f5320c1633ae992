/*
 * A pool of processes. Numbers go out through one pipe, from which each
 * worker reads the next when it is free, and results come back through
 * another; messages of a few bytes are never torn (POSIX, write, PIPE_BUF).
 */
#include "ways.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct result {
    unsigned number;
    uint64_t value;
};

static _Noreturn void worker(const struct job *job, int tasks, int results)
{
    struct result r = {0};

    while (read(tasks, &r.number, sizeof r.number) == sizeof r.number) {
        r.value = task_run(job, r.number);
        if (write(results, &r, sizeof r) != sizeof r)
            _exit(1);
    }
    _exit(0);
}

static bool reap(unsigned n)
{
    bool well = true;

    while (n) {
        int status;

        if (wait(&status) > 0) {
            well &= status == 0;
            n--;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return well;
}

/* Never more tasks in the pipe than workers: it cannot fill. */
static bool feed(const struct job *job, uint64_t *results, int tasks, int from)
{
    unsigned sent = 0, got = 0;
    struct result r;

    while (got < job->tasks) {
        while (sent < job->tasks && sent - got < 2 * job->workers) {
            if (write(tasks, &sent, sizeof sent) != sizeof sent)
                return false;
            sent++;
        }
        if (read(from, &r, sizeof r) != sizeof r)
            return false;
        results[r.number] = r.value;
        got++;
    }
    return true;
}

bool way_processes(const struct job *job, uint64_t *results)
{
    int tasks[2], back[2];
    unsigned started = 0;
    bool well;

    if (pipe(tasks))
        return false;
    if (pipe(back)) {
        close(tasks[0]);
        close(tasks[1]);
        return false;
    }
    for (; started < job->workers; started++) {
        pid_t pid = fork();

        if (pid < 0)
            break;
        if (pid == 0) {
            close(tasks[1]);
            close(back[0]);
            worker(job, tasks[0], back[1]);
        }
    }
    close(tasks[0]);
    close(back[1]);
    well = started == job->workers && feed(job, results, tasks[1], back[0]);
    close(tasks[1]);
    close(back[0]);
    return reap(started) && well;
}

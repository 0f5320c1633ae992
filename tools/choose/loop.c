/*
 * One thread and epoll. A task that waits is a timer, and costs a descriptor;
 * one that computes is done when its turn comes, and all others wait for it.
 */
#include "ways.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { BATCH = 64 };

/* A timer in the loop: in the job's time, or at once for what computes. */
static int start_timer(int loop, const struct job *job, unsigned number)
{
    struct itimerspec when = {
        .it_value = {job->amount / 1000, job->amount % 1000 * 1000000L}};
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

    if (!job->waits)
        when.it_value = (struct timespec){0, 1};
    if (fd >= 0 && (timerfd_settime(fd, 0, &when, NULL) ||
                    epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static bool run_loop(int loop, const struct job *job, uint64_t *results,
                     int *timers)
{
    struct epoll_event events[BATCH];

    for (unsigned done = 0; done < job->tasks;) {
        int n = epoll_wait(loop, events, BATCH, -1);

        if (n < 0)
            return false;
        for (int i = 0; i < n; i++) {
            unsigned number = events[i].data.u32;

            close(timers[number]); /* which takes it out of the loop */
            timers[number] = -1;
            results[number] =
                job->waits ? task_waited(job, number) : task_run(job, number);
            done++;
        }
    }
    return true;
}

bool way_loop(const struct job *job, uint64_t *results)
{
    int loop = epoll_create1(EPOLL_CLOEXEC);
    int *timers = calloc(job->tasks, sizeof *timers);
    unsigned started = 0;
    bool well = false;

    if (loop >= 0 && timers) {
        while (started < job->tasks &&
               (timers[started] = start_timer(loop, job, started)) >= 0)
            started++;
        well = started == job->tasks && run_loop(loop, job, results, timers);
        for (unsigned i = 0; i < started; i++)
            if (timers[i] >= 0)
                close(timers[i]);
    }
    if (loop >= 0)
        close(loop);
    free(timers);
    return well;
}

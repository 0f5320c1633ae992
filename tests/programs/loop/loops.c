/*
 * Small event loops, for the tests of order and stall: the argument names one.
 * Each has three timers that fire at the same time, unless it says otherwise.
 */
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { TIMERS = 3 };

struct timer {
    int fd, number, state;
};

static struct timer timers[TIMERS];
static const char *mode;
static int loop, handled;
static char line[64];

static int is(const char *name)
{
    return strcmp(mode, name) == 0;
}

static void set(int fd, long ms)
{
    struct itimerspec once = {.it_value = {0, ms * 1000000}};

    timerfd_settime(fd, 0, &once, NULL);
}

static void spin(long ms)
{
    struct timespec from, now;

    clock_gettime(CLOCK_MONOTONIC, &from);
    do {
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - from.tv_sec) * 1000 +
                 (now.tv_nsec - from.tv_nsec) / 1000000 <
             ms);
}

static void wait_for_another(long ms)
{
    uint64_t times;
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);

    set(fd, ms);
    if (read(fd, &times, sizeof times) < 0) {
        perror("read");
    }
    close(fd);
}

static void keep_the_loop(void)
{
    if (is("nap")) {
        usleep(7000);
    } else if (is("spin")) {
        spin(7);
    } else if (is("read")) {
        wait_for_another(7);
    } else if (is("poll-in-handler")) {
        poll(NULL, 0, 7);
    }
}

/* Goes back to the loop in the middle of its task. */
static int is_half_done(struct timer *timer)
{
    if (!is("state") || timer->state++ > 0) {
        return 0;
    }
    set(timer->fd, 7);
    return 1;
}

static void on_timer(struct timer *timer)
{
    uint64_t times;
    char word[8];

    if (timer->fd < 0) {
        if (is("closes")) {
            strcat(line, "stale ");
        }
        return;
    }
    if (read(timer->fd, &times, sizeof times) < 0 || is_half_done(timer)) {
        return;
    }
    keep_the_loop();
    if (is("closes") || is("closes-checked")) {
        for (int i = 0; i < TIMERS; i++) {
            if (i != timer->number && timers[i].fd >= 0) {
                close(timers[i].fd);
                timers[i].fd = -1;
                handled++;
            }
        }
    }
    if (is("first-come")) {
        snprintf(word, sizeof word, "%d ", timer->number);
        strcat(line, word);
    }
    handled++;
}

static void run_epoll(int max)
{
    struct epoll_event events[TIMERS];

    while (handled < TIMERS) {
        int n = epoll_wait(loop, events, max, -1);

        if (n <= 0) {
            return;
        }
        for (int i = 0; i < n; i++) {
            on_timer(events[i].data.ptr);
        }
    }
}

static void run_poll(void)
{
    while (handled < TIMERS) {
        struct pollfd fds[TIMERS];

        for (int i = 0; i < TIMERS; i++) {
            fds[i] = (struct pollfd){timers[i].fd, POLLIN, 0};
        }
        poll(fds, TIMERS, -1);
        for (int i = TIMERS; i-- > 0;) {
            if (fds[i].revents) {
                on_timer(&timers[i]);
            }
        }
    }
}

static void run_select(void)
{
    while (handled < TIMERS) {
        fd_set set;

        FD_ZERO(&set);
        for (int i = 0; i < TIMERS; i++) {
            FD_SET(timers[i].fd, &set);
        }
        select(timers[TIMERS - 1].fd + 1, &set, NULL, NULL, NULL);
        for (int i = 0; i < TIMERS; i++) {
            if (FD_ISSET(timers[i].fd, &set)) {
                on_timer(&timers[i]);
            }
        }
    }
}

static void *nothing(void *arg)
{
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    mode = argc > 1 ? argv[1] : "";
    loop = epoll_create1(0);
    for (int i = 0; i < TIMERS; i++) {
        struct timer *timer = &timers[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = timer};

        if (is("edge")) {
            event.events |= EPOLLET;
        }
        timer->number = i;
        timer->fd = timerfd_create(CLOCK_MONOTONIC, 0);
        epoll_ctl(loop, EPOLL_CTL_ADD, timer->fd, &event);
        if (!is("stuck") || i > 0) {
            set(timer->fd, is("apart") ? 5 + i : 5);
        }
    }
    if (is("thread") && pthread_create(&thread, NULL, nothing, NULL) == 0) {
        pthread_join(thread, NULL);
    }
    if (strncmp(mode, "by-", 3) == 0) {
        is("by-poll") ? run_poll() : run_select();
    } else {
        run_epoll(is("one") ? 1 : TIMERS);
    }
    printf("%s%d\n", line, handled);
    return 0;
}

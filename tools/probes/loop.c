// What the detectors for event loops must see: the order of two timers
// decides how the program ends, and the handler of one keeps the other waiting.
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int first = -1;

static void on_timer(int fd)
{
    uint64_t times;

    if (read(fd, &times, sizeof times) < 0) {
        return;
    }
    if (first < 0) {
        first = fd;
        usleep(5000);
    }
}

int main(void)
{
    struct itimerspec soon = {.it_value = {0, 1000000}};
    int loop = epoll_create1(0);
    int timers[2];

    for (int i = 0; i < 2; i++) {
        struct epoll_event event = {.events = EPOLLIN};

        timers[i] = timerfd_create(CLOCK_MONOTONIC, 0);
        event.data.fd = timers[i];
        if (loop < 0 || timers[i] < 0 ||
            epoll_ctl(loop, EPOLL_CTL_ADD, timers[i], &event) ||
            timerfd_settime(timers[i], 0, &soon, NULL)) {
            return 2;
        }
    }
    for (int done = 0; done < 2; done++) {
        struct epoll_event event;

        if (epoll_wait(loop, &event, 1, -1) != 1) {
            return 2;
        }
        on_timer(event.data.fd);
    }
    puts("done");
    return first == timers[0] ? 0 : 1;
}

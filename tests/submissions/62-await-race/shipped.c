/*
 * A box office on the web. A customer asks for a seat, the bank takes its
 * time, and then the seat is sold. One thread does it all: an event loop with
 * a timer for the next customer and one for each payment.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { MAX_CUSTOMERS = 32, MAX_MS = 1000, DOOR = MAX_CUSTOMERS };

/* A timer, and who it is for: a customer's number, or the door. */
struct timer {
    int fd, who;
};

struct office {
    int loop, customers, ms;
    int free, sold, refused, came;
    struct timer timers[MAX_CUSTOMERS + 1];
};

static void check(int result, const char *what)
{
    if (result < 0) {
        fprintf(stderr, "box_office: %s: %s\n", what, strerror(errno));
        exit(EXIT_FAILURE);
    }
}

static void make_timer(struct office *office, int who)
{
    struct timer *timer = &office->timers[who];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = timer};

    timer->who = who;
    timer->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    check(timer->fd, "timer");
    check(epoll_ctl(office->loop, EPOLL_CTL_ADD, timer->fd, &event), "add");
}

/* After the office's ms. */
static void set_timer(struct office *office, int who)
{
    struct itimerspec once = {
        .it_value = {office->ms / 1000, office->ms % 1000 * 1000000}};

    check(timerfd_settime(office->timers[who].fd, 0, &once, NULL), "timer");
}

/* A customer comes; the next one is not far. */
static void on_request(struct office *office)
{
    int customer = office->came++;

    if (office->free > 0) {
        set_timer(office, customer); /* the bank's answer */
    } else {
        fprintf(stderr, "customer %d: sold out\n", customer);
        office->refused++;
    }
    if (office->came < office->customers) {
        set_timer(office, DOOR);
    }
}

/* The bank says that the customer has paid. */
static void on_paid(struct office *office, int customer)
{
    office->free--;
    office->sold++;
    fprintf(stderr, "customer %d: paid\n", customer);
}

static void run(struct office *office)
{
    while (office->sold + office->refused < office->customers) {
        struct epoll_event event;
        const struct timer *timer;
        uint64_t times;

        check(epoll_wait(office->loop, &event, 1, -1), "wait");
        timer = event.data.ptr;
        check((int)read(timer->fd, &times, sizeof times), "read");
        if (timer->who == DOOR) {
            on_request(office);
        } else {
            on_paid(office, timer->who);
        }
    }
}

int main(int argc, char **argv)
{
    static struct office office;

    office.free = argc > 1 ? atoi(argv[1]) : 3;
    office.customers = argc > 2 ? atoi(argv[2]) : 6;
    office.ms = argc > 3 ? atoi(argv[3]) : 5;
    if (office.free < 0 || office.customers < 1 ||
        office.customers > MAX_CUSTOMERS || office.ms < 1 ||
        office.ms > MAX_MS) {
        fprintf(stderr, "usage: box_office [SEATS [CUSTOMERS [MS]]]\n");
        return 2;
    }
    office.loop = epoll_create1(EPOLL_CLOEXEC);
    check(office.loop, "epoll");
    make_timer(&office, DOOR);
    for (int i = 0; i < office.customers; i++) {
        make_timer(&office, i);
    }
    set_timer(&office, DOOR);
    run(&office);
    printf("%d sold, %d refused, %d free\n", office.sold, office.refused,
           office.free);
    return office.free < 0;
}

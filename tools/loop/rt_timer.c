/*
 * timerfd in virtual time: the descriptor is an event counter, which has the
 * same reads, and becomes readable when we write the expirations to it.
 */
#include "loop.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { TIMERS = 1024 };

struct timer {
    int fd;     /* -1: free */
    int number; /* in order of creation, from 1 */
    clockid_t clock;
    uint64_t expiry, interval; /* NEVER: not armed; 0: once */
    uint64_t since;            /* ready, if it is */
    uint64_t armed;            /* in the order of arming: who fires first */
};

int __real_timerfd_create(int, int);
int __real_timerfd_settime(int, int, const struct itimerspec *,
                           struct itimerspec *);
int __real_timerfd_gettime(int, struct itimerspec *);

static struct timer timers[TIMERS];
static int used, created;
static uint64_t armings;

static struct timer *of(int fd)
{
    for (int i = 0; i < used; i++) {
        if (timers[i].fd == fd)
            return &timers[i];
    }
    return NULL;
}

int loop_timer_number(int fd)
{
    const struct timer *t = of(fd);

    return t ? t->number : 0;
}

static bool readable(int fd)
{
    struct pollfd p = {fd, POLLIN, 0};
    struct timespec none = {0, 0};

    return syscall(SYS_ppoll, &p, 1, &none, NULL, 0) == 1;
}

uint64_t loop_ready_since(int fd)
{
    const struct timer *t = of(fd);

    return t ? t->since : loop_now();
}

static bool before(const struct timer *a, const struct timer *b)
{
    return a->expiry != b->expiry ? a->expiry < b->expiry : a->armed < b->armed;
}

static struct timer *earliest(void)
{
    struct timer *first = NULL;

    for (int i = 0; i < used; i++) {
        if (timers[i].fd >= 0 && timers[i].expiry != NEVER &&
            (!first || before(&timers[i], first)))
            first = &timers[i];
    }
    return first;
}

uint64_t loop_next_timer(void)
{
    const struct timer *t = earliest();

    return t ? t->expiry : NEVER;
}

static void fire(struct timer *t)
{
    uint64_t count = 1;

    if (!readable(t->fd))
        t->since = t->expiry;
    if (t->interval) {
        count += (loop_now() - t->expiry) / t->interval;
        t->expiry += count * t->interval;
        t->armed = ++armings;
    } else {
        t->expiry = NEVER;
    }
    syscall(SYS_write, t->fd, &count, sizeof count);
}

void loop_fire(void)
{
    struct timer *t;

    while ((t = earliest()) && t->expiry <= loop_now())
        fire(t);
}

/* Nothing that had fired is left to read. */
static void drain(int fd)
{
    uint64_t count;

    if (readable(fd))
        syscall(SYS_read, fd, &count, sizeof count);
}

static struct itimerspec left(const struct timer *t)
{
    uint64_t ns = t->expiry == NEVER       ? 0
                  : t->expiry > loop_now() ? t->expiry - loop_now()
                                           : 1;

    return (struct itimerspec){loop_timespec(t->interval), loop_timespec(ns)};
}

int __wrap_timerfd_create(int clock, int flags)
{
    uint64_t base;
    int fd, slot;

    if (!loop_on)
        return __real_timerfd_create(clock, flags);
    if (!loop_clock_base(clock, &base) ||
        (flags & ~(TFD_NONBLOCK | TFD_CLOEXEC))) {
        errno = EINVAL;
        return -1;
    }
    fd = eventfd(0, (flags & TFD_NONBLOCK ? EFD_NONBLOCK : 0) |
                        (flags & TFD_CLOEXEC ? EFD_CLOEXEC : 0));
    if (fd < 0)
        return fd;
    for (slot = 0; slot < used && timers[slot].fd >= 0; slot++)
        ;
    if (slot == TIMERS) {
        loop_unsupported("it has more than 1,024 timers");
        return -1;
    }
    used += slot == used;
    timers[slot] = (struct timer){fd, ++created, clock, NEVER, 0, 0, 0};
    return fd;
}

int __wrap_timerfd_settime(int fd, int flags, const struct itimerspec *value,
                           struct itimerspec *old)
{
    struct timer *t = loop_on ? of(fd) : NULL;
    uint64_t first;

    if (!t)
        return __real_timerfd_settime(fd, flags, value, old);
    loop_handles(fd);
    if (value->it_value.tv_nsec < 0 || value->it_value.tv_nsec > 999999999 ||
        value->it_interval.tv_nsec < 0 ||
        value->it_interval.tv_nsec > 999999999) {
        errno = EINVAL;
        return -1;
    }
    if (old)
        *old = left(t);
    drain(fd);
    first = loop_ns(&value->it_value);
    t->armed = ++armings;
    t->interval = loop_ns(&value->it_interval);
    if (first == 0)
        t->expiry = NEVER;
    else if (flags & TFD_TIMER_ABSTIME)
        t->expiry = loop_from_clock(t->clock, &value->it_value);
    else
        t->expiry = loop_now() + first;
    loop_fire();
    return 0;
}

int __wrap_timerfd_gettime(int fd, struct itimerspec *value)
{
    struct timer *t = loop_on ? of(fd) : NULL;

    if (!t)
        return __real_timerfd_gettime(fd, value);
    loop_spin();
    *value = left(t);
    return 0;
}

ssize_t __real_read(int, void *, size_t);
int __real_close(int);

/* A read of a timer that has not fired waits for it, and keeps the loop. */
ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
    struct timer *t = loop_on ? of(fd) : NULL;
    ssize_t n;

    if (loop_on)
        loop_handles(fd);
    if (t && t->expiry != NEVER && !readable(fd) &&
        !(fcntl(fd, F_GETFL) & O_NONBLOCK))
        loop_sleep_until(t->expiry, "read");
    n = __real_read(fd, buffer, size);
    if (t && n < 0)
        loop_spin();
    return n;
}

int __wrap_close(int fd)
{
    struct timer *t = loop_on ? of(fd) : NULL;

    if (loop_on)
        loop_handles(fd);
    if (t)
        t->fd = -1;
    if (loop_on)
        loop_forget(fd);
    return __real_close(fd);
}

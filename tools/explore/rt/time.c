// Time is virtual: it stands still while any thread can move and then jumps
// to the next deadline. Both clocks of the program start at a fixed moment.
#include "libc.h"
#include "rt.h"

#include <errno.h>
#include <sched.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

// 2026-01-01 and, as for a machine that was booted a while ago, 1,000 s.
static const int64_t real_start = INT64_C(1767225600);
static const int64_t monotonic_start = 1000;

static int64_t start_of(clockid_t clock)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
        return real_start;
    default:
        return monotonic_start;
    }
}

static int64_t nanoseconds(int64_t seconds, int64_t nanos)
{
    const int64_t most = INT64_MAX / SECOND / 4;

    if (seconds > most)
        seconds = most;
    if (seconds < -most)
        seconds = -most;
    return seconds * SECOND + nanos;
}

int64_t rt_deadline(clockid_t clock, const struct timespec *until, uintptr_t pc)
{
    libc_reads(until, sizeof *until, pc);
    return nanoseconds((int64_t)until->tv_sec - start_of(clock),
                       until->tv_nsec);
}

// A loop that waits for a time would wait for ever on a clock that stands
// still, so a thread that only reads it moves it on in the end.
static int64_t read_clock(clockid_t clock, uintptr_t pc)
{
    struct rl_step s = rl_step(RL_CLOCK_READ);
    struct rl_effect e = {0};

    if (rt_on) {
        rt_do(&s, pc, &e);
        if (rt_self->idle > 64)
            rt_world->now += SECOND / 1000;
    }
    return e.value + start_of(clock) * SECOND;
}

static int sleep_for(int64_t nanos, uintptr_t pc)
{
    return rt_step(RL_SLEEP, RL_NO_CLASS, NULL, 0, nanos, RL_CANCEL_POINT, pc);
}

unsigned __wrap_sleep(unsigned seconds);
unsigned __wrap_sleep(unsigned seconds)
{
    sleep_for(seconds * SECOND, RT_CALLER);
    return 0;
}

int __wrap_usleep(useconds_t us);
int __wrap_usleep(useconds_t us)
{
    sleep_for(us * INT64_C(1000), RT_CALLER);
    return 0;
}

int __wrap_nanosleep(const struct timespec *span, struct timespec *left);
int __wrap_nanosleep(const struct timespec *span, struct timespec *left)
{
    (void)left;
    libc_reads(span, sizeof *span, RT_CALLER);
    if (span->tv_nsec < 0 || span->tv_nsec >= SECOND || span->tv_sec < 0) {
        errno = EINVAL;
        return -1;
    }
    sleep_for(nanoseconds(span->tv_sec, span->tv_nsec), RT_CALLER);
    return 0;
}

int rt_sleep(const struct timespec *span, uintptr_t pc)
{
    libc_reads(span, sizeof *span, pc);
    return sleep_for(nanoseconds(span->tv_sec, span->tv_nsec), pc);
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *t,
                           struct timespec *left);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *t,
                           struct timespec *left)
{
    int64_t span = nanoseconds(t->tv_sec, t->tv_nsec);

    (void)left;
    libc_reads(t, sizeof *t, RT_CALLER);
    if (t->tv_nsec < 0 || t->tv_nsec >= SECOND)
        return EINVAL;
    if (flags & TIMER_ABSTIME)
        span = rt_deadline(clock, t, RT_CALLER) - (rt_on ? rt_world->now : 0);
    if (span > 0)
        sleep_for(span, RT_CALLER);
    return 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *t);
int __wrap_clock_gettime(clockid_t clock, struct timespec *t)
{
    int64_t now = read_clock(clock, RT_CALLER);

    libc_writes(t, sizeof *t, RT_CALLER);
    t->tv_sec = now / SECOND;
    t->tv_nsec = now % SECOND;
    return 0;
}

int __wrap_timespec_get(struct timespec *t, int base);
int __wrap_timespec_get(struct timespec *t, int base)
{
    int64_t now = read_clock(CLOCK_REALTIME, RT_CALLER);

    libc_writes(t, sizeof *t, RT_CALLER);
    t->tv_sec = now / SECOND;
    t->tv_nsec = now % SECOND;
    return base;
}

int __wrap_gettimeofday(struct timeval *t, void *zone);
int __wrap_gettimeofday(struct timeval *t, void *zone)
{
    int64_t now = read_clock(CLOCK_REALTIME, RT_CALLER);

    (void)zone;
    libc_writes(t, sizeof *t, RT_CALLER);
    t->tv_sec = now / SECOND;
    t->tv_usec = now % SECOND / 1000;
    return 0;
}

time_t __wrap_time(time_t *t);
time_t __wrap_time(time_t *t)
{
    time_t now = read_clock(CLOCK_REALTIME, RT_CALLER) / SECOND;

    if (t) {
        libc_writes(t, sizeof *t, RT_CALLER);
        *t = now;
    }
    return now;
}

clock_t __wrap_clock(void);
clock_t __wrap_clock(void)
{
    return (read_clock(CLOCK_MONOTONIC, RT_CALLER) - monotonic_start * SECOND) /
           1000;
}

int __wrap_sched_yield(void);
int __wrap_sched_yield(void)
{
    return rt_step(RL_YIELD, RL_NO_CLASS, NULL, 0, 0, 0, RT_CALLER);
}

int __wrap_pthread_yield(void);
int __wrap_pthread_yield(void)
{
    return rt_step(RL_YIELD, RL_NO_CLASS, NULL, 0, 0, 0, RT_CALLER);
}

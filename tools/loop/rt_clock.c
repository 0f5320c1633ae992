/*
 * The virtual clock: calls that ask what time it is, and calls that sleep.
 */
#include "loop.h"

#include <errno.h>
#include <sys/time.h>
#include <threads.h>
#include <unistd.h>

/* Who only asks may do so this often before time goes on, by SPIN ns a
 * question: a loop that waits for a moment to come must see it come. */
enum { QUESTIONS = 1000, SPIN = 10000, MS = 1000000 };

int __real_clock_gettime(clockid_t, struct timespec *);
int __real_gettimeofday(struct timeval *, void *);
time_t __real_time(time_t *);
int __real_timespec_get(struct timespec *, int);
unsigned __real_sleep(unsigned);
int __real_usleep(useconds_t);
int __real_nanosleep(const struct timespec *, struct timespec *);
int __real_clock_nanosleep(clockid_t, int, const struct timespec *,
                           struct timespec *);
int __real_thrd_sleep(const struct timespec *, struct timespec *);

static uint64_t now;
static int questions;
static uint64_t spins_from, told;

uint64_t loop_now(void)
{
    return now;
}

uint64_t loop_ns(const struct timespec *t)
{
    return (uint64_t)t->tv_sec * SECOND + (uint64_t)t->tv_nsec;
}

struct timespec loop_timespec(uint64_t ns)
{
    return (struct timespec){(time_t)(ns / SECOND), (long)(ns % SECOND)};
}

bool loop_clock_base(clockid_t clock, uint64_t *base)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
        *base = LOOP_REALTIME;
        return true;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        *base = LOOP_MONOTONIC;
        return true;
    default:
        return false;
    }
}

uint64_t loop_from_clock(clockid_t clock, const struct timespec *t)
{
    uint64_t base;

    if (!loop_clock_base(clock, &base))
        return NEVER;
    return loop_ns(t) > base ? loop_ns(t) - base : 0;
}

static void go_on(uint64_t until)
{
    if (until <= now)
        return;
    now = until;
    loop_fire();
    loop_say("A %lu", (unsigned long)now);
}

void loop_wait_until(uint64_t until)
{
    loop_spins_end();
    go_on(until);
}

void loop_sleep_until(uint64_t until, const char *call)
{
    uint64_t from = now;

    loop_spins_end();
    go_on(until);
    loop_kept(from, now, call);
}

/* Told every millisecond, of a long one now and then. */
void loop_spin(void)
{
    if (++questions <= QUESTIONS)
        return;
    if (questions == QUESTIONS + 1) {
        spins_from = now;
        told = MS;
    }
    now += SPIN;
    loop_fire();
    if (now - spins_from >= told) {
        loop_kept(spins_from, now, "spin");
        told += told < 8 * MS ? MS : told / 8;
    }
}

void loop_spins_end(void)
{
    questions = 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *t)
{
    uint64_t base;

    if (!loop_on || !loop_clock_base(clock, &base))
        return __real_clock_gettime(clock, t);
    loop_spin();
    *t = loop_timespec(base + now);
    return 0;
}

int __wrap_gettimeofday(struct timeval *t, void *zone)
{
    uint64_t ns = LOOP_REALTIME + now;

    if (!loop_on)
        return __real_gettimeofday(t, zone);
    loop_spin();
    *t = (struct timeval){(time_t)(ns / SECOND),
                          (suseconds_t)(ns % SECOND / 1000)};
    return 0;
}

time_t __wrap_time(time_t *t)
{
    time_t seconds = (time_t)((LOOP_REALTIME + now) / SECOND);

    if (!loop_on)
        return __real_time(t);
    loop_spin();
    if (t)
        *t = seconds;
    return seconds;
}

int __wrap_timespec_get(struct timespec *t, int base)
{
    if (!loop_on || base != TIME_UTC)
        return __real_timespec_get(t, base);
    loop_spin();
    *t = loop_timespec(LOOP_REALTIME + now);
    return base;
}

static bool valid(const struct timespec *t)
{
    return t->tv_sec >= 0 && t->tv_nsec >= 0 && t->tv_nsec < (long)SECOND;
}

unsigned __wrap_sleep(unsigned seconds)
{
    if (!loop_on)
        return __real_sleep(seconds);
    loop_sleep_until(now + seconds * SECOND, "sleep");
    return 0;
}

int __wrap_usleep(useconds_t us)
{
    if (!loop_on)
        return __real_usleep(us);
    loop_sleep_until(now + us * 1000ULL, "usleep");
    return 0;
}

int __wrap_nanosleep(const struct timespec *t, struct timespec *left)
{
    if (!loop_on || !valid(t))
        return __real_nanosleep(t, left);
    loop_sleep_until(now + loop_ns(t), "nanosleep");
    return 0;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *t,
                           struct timespec *left)
{
    uint64_t base;

    if (!loop_on || !valid(t) || !loop_clock_base(clock, &base))
        return __real_clock_nanosleep(clock, flags, t, left);
    loop_sleep_until(flags & TIMER_ABSTIME ? loop_from_clock(clock, t)
                                           : now + loop_ns(t),
                     "clock_nanosleep");
    return 0;
}

int __wrap_thrd_sleep(const struct timespec *t, struct timespec *left)
{
    if (!loop_on || !valid(t))
        return __real_thrd_sleep(t, left);
    loop_sleep_until(now + loop_ns(t), "thrd_sleep");
    return 0;
}

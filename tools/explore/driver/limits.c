/* See limits.h. */
#include "limits.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static struct {
    struct timespec begin;
    int seconds, fd;
    double said; /* seconds since the beginning */
    bool terminal;
} limits = {.fd = -1};

static void on_interrupt(int sig)
{
    (void)sig;
    if (interrupted) /* the handler of that one cleans up */
        raise(SIGTERM);
    interrupted = 1;
}

static double since_begin(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - limits.begin.tv_sec) +
           (double)(now.tv_nsec - limits.begin.tv_nsec) / 1e9;
}

void limits_begin(int seconds, int progress)
{
    struct sigaction sa = {.sa_handler = on_interrupt};

    clock_gettime(CLOCK_MONOTONIC, &limits.begin);
    limits.seconds = seconds;
    limits.fd = progress;
    limits.terminal = progress >= 0 && isatty(progress);
    sigaction(SIGINT, &sa, NULL);
}

const char *limits_reached(void)
{
    if (interrupted)
        return "interrupted";
    if (limits.seconds && since_begin() >= limits.seconds)
        return "the time that was given";
    return NULL;
}

static const char *left(double done, double seconds, char *text, size_t size)
{
    double rest = done > 0 ? seconds * (1 - done) / done : -1;

    if (seconds < 1 || rest < 0)
        return "";
    if (rest < 90)
        snprintf(text, size, ", %.0f s left", rest);
    else if (rest < 5400)
        snprintf(text, size, ", %.0f minutes left", rest / 60);
    else if (rest < 4e6)
        snprintf(text, size, ", %.0f hours left", rest / 3600);
    else
        snprintf(text, size, ", more than a month left");
    return text;
}

void limits_progress(uint64_t count, const char *what, double done)
{
    double now = limits.fd < 0 ? 0 : since_begin();
    char rest[60];

    if (limits.fd < 0 || now - limits.said < 0.25)
        return;
    limits.said = now;
    dprintf(limits.fd, "%s%llu %s, about %.*f%% done%s%s",
            limits.terminal ? "\r\033[K" : "", (unsigned long long)count, what,
            done < 0.01 ? 2 : 0, 100 * done, left(done, now, rest, sizeof rest),
            limits.terminal ? "" : "\n");
}

void limits_end(void)
{
    if (limits.said > 0 && limits.terminal)
        dprintf(limits.fd, "\r\033[K");
}

// <time.h>: calendar times. What the clock says is modelled in time.c.

#include "libc.h"

#include <string.h>
#include <time.h>

// localtime, gmtime and ctime share one struct tm; asctime and ctime one text.
static void static_tm(uintptr_t pc)
{
    libc_writes(&libc_state_localtime, 1, pc);
}

LIBC_WRAP(struct tm *, localtime)(const time_t *at)
{
    libc_reads(at, sizeof *at, RT_CALLER);
    static_tm(RT_CALLER);
    return __real_localtime(at);
}

LIBC_WRAP(struct tm *, gmtime)(const time_t *at)
{
    libc_reads(at, sizeof *at, RT_CALLER);
    static_tm(RT_CALLER);
    return __real_gmtime(at);
}

LIBC_WRAP(char *, ctime)(const time_t *at)
{
    libc_reads(at, sizeof *at, RT_CALLER);
    static_tm(RT_CALLER);
    libc_writes(&libc_state_asctime, 1, RT_CALLER);
    return __real_ctime(at);
}

LIBC_WRAP(char *, asctime)(const struct tm *tm)
{
    libc_reads(tm, sizeof *tm, RT_CALLER);
    libc_writes(&libc_state_asctime, 1, RT_CALLER);
    return __real_asctime(tm);
}

LIBC_WRAP(struct tm *, localtime_r)(const time_t *at, struct tm *to)
{
    libc_reads(at, sizeof *at, RT_CALLER);
    libc_writes(to, sizeof *to, RT_CALLER);
    return __real_localtime_r(at, to);
}

LIBC_WRAP(struct tm *, gmtime_r)(const time_t *at, struct tm *to)
{
    libc_reads(at, sizeof *at, RT_CALLER);
    libc_writes(to, sizeof *to, RT_CALLER);
    return __real_gmtime_r(at, to);
}

LIBC_WRAP(char *, asctime_r)(const struct tm *tm, char *to)
{
    char *s;

    libc_reads(tm, sizeof *tm, RT_CALLER);
    s = __real_asctime_r(tm, to);
    if (s)
        libc_has_written(s, strlen(s) + 1, RT_CALLER);
    return s;
}

LIBC_WRAP(char *, ctime_r)(const time_t *at, char *to)
{
    char *s;

    libc_reads(at, sizeof *at, RT_CALLER);
    s = __real_ctime_r(at, to);
    if (s)
        libc_has_written(s, strlen(s) + 1, RT_CALLER);
    return s;
}

LIBC_WRAP(time_t, mktime)(struct tm *tm)
{
    libc_reads(tm, sizeof *tm, RT_CALLER);
    libc_writes(tm, sizeof *tm, RT_CALLER);
    return __real_mktime(tm);
}

LIBC_WRAP(time_t, timegm)(struct tm *tm)
{
    libc_reads(tm, sizeof *tm, RT_CALLER);
    libc_writes(tm, sizeof *tm, RT_CALLER);
    return __real_timegm(tm);
}

LIBC_WRAP(size_t, strftime)
(char *to, size_t max, const char *format, const struct tm *tm)
{
    size_t n;

    libc_reads_string(format, RT_CALLER);
    libc_reads(tm, sizeof *tm, RT_CALLER);
    n = __real_strftime(to, max, format, tm);
    if (n)
        libc_has_written(to, n + 1, RT_CALLER);
    return n;
}

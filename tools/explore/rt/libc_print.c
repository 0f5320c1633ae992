// Text into memory: sprintf and its kin, and what printf reads.
//
// That a line is output is modelled in output.c, which asks libc_format for
// what the line is made of.

#include "libc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int print(char *to, size_t size, const char *format, va_list args,
                 uintptr_t pc)
{
    int n;

    libc_format(format, args, pc);
    n = vsnprintf(to, size, format, args);
    if (n >= 0 && size)
        libc_has_written(to, (size_t)n < size ? (size_t)n + 1 : size, pc);
    return n;
}

LIBC_WRAP(int, vsnprintf)
(char *to, size_t size, const char *format, va_list args)
{
    return print(to, size, format, args, RT_CALLER);
}

LIBC_WRAP(int, vsprintf)(char *to, const char *format, va_list args)
{
    return print(to, (size_t)1 << 30, format, args, RT_CALLER);
}

LIBC_WRAP(int, snprintf)(char *to, size_t size, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = print(to, size, format, args, RT_CALLER);
    va_end(args);
    return n;
}

LIBC_WRAP(int, sprintf)(char *to, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = print(to, (size_t)1 << 30, format, args, RT_CALLER);
    va_end(args);
    return n;
}

static int print_new(char **to, const char *format, va_list args, uintptr_t pc)
{
    int n;

    libc_format(format, args, pc);
    n = vasprintf(to, format, args);
    libc_has_written(to, sizeof *to, pc);
    if (n >= 0)
        libc_has_written(*to, (size_t)n + 1, pc);
    return n;
}

LIBC_WRAP(int, vasprintf)(char **to, const char *format, va_list args)
{
    return print_new(to, format, args, RT_CALLER);
}

LIBC_WRAP(int, asprintf)(char **to, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = print_new(to, format, args, RT_CALLER);
    va_end(args);
    return n;
}

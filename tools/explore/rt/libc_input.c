// <stdio.h>, the side that reads: one call is one step on its stream, and what
// it put into memory is written there.

#include "libc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void input(FILE *f, uintptr_t pc)
{
    libc_input(f ? fileno(f) : -1, pc);
}

LIBC_WRAP(char *, fgets)(char *to, int n, FILE *f)
{
    char *s;

    input(f, RT_CALLER);
    s = __real_fgets(to, n, f);
    if (s)
        libc_has_written(s, strlen(s) + 1, RT_CALLER);
    return s;
}

LIBC_WRAP(size_t, fread)(void *to, size_t size, size_t n, FILE *f)
{
    size_t got;

    input(f, RT_CALLER);
    got = __real_fread(to, size, n, f);
    libc_has_written(to, got * size, RT_CALLER);
    return got;
}

static ssize_t read_line(char **line, size_t *room, int end, FILE *f,
                         uintptr_t pc)
{
    ssize_t n;

    libc_reads(line, sizeof *line, pc);
    libc_reads(room, sizeof *room, pc);
    input(f, pc);
    n = getdelim(line, room, end, f);
    libc_has_written(line, sizeof *line, pc);
    libc_has_written(room, sizeof *room, pc);
    if (n >= 0)
        libc_has_written(*line, (size_t)n + 1, pc);
    return n;
}

LIBC_WRAP(ssize_t, getline)(char **line, size_t *room, FILE *f)
{
    return read_line(line, room, '\n', f, RT_CALLER);
}

LIBC_WRAP(ssize_t, getdelim)(char **line, size_t *room, int end, FILE *f)
{
    return read_line(line, room, end, f, RT_CALLER);
}

// getdelim and getline under the names that some headers give them.
ssize_t __wrap___getdelim(char **line, size_t *room, int end, FILE *f);
ssize_t __wrap___getdelim(char **line, size_t *room, int end, FILE *f)
{
    return read_line(line, room, end, f, RT_CALLER);
}

#define GET(name)                                                              \
    LIBC_WRAP(int, name)(FILE * f)                                             \
    {                                                                          \
        input(f, RT_CALLER);                                                   \
        return getc(f);                                                        \
    }

GET(getc)
GET(fgetc)
GET(getc_unlocked)
GET(fgetc_unlocked)

LIBC_WRAP(int, getchar)(void)
{
    input(stdin, RT_CALLER);
    return getc(stdin);
}

LIBC_WRAP(int, getchar_unlocked)(void)
{
    input(stdin, RT_CALLER);
    return getc(stdin);
}

// Functions of a stream that touch nothing but the stream.
#define ON_STREAM(type, name, parameters, arguments)                           \
    LIBC_WRAP(type, name) parameters                                           \
    {                                                                          \
        input(f, RT_CALLER);                                                   \
        return __real_##name arguments;                                        \
    }

ON_STREAM(int, ungetc, (int c, FILE *f), (c, f))
ON_STREAM(int, feof, (FILE * f), (f))
ON_STREAM(int, ferror, (FILE * f), (f))
ON_STREAM(int, fseek, (FILE * f, long to, int from), (f, to, from))
ON_STREAM(int, fseeko, (FILE * f, off_t to, int from), (f, to, from))
ON_STREAM(long, ftell, (FILE * f), (f))
ON_STREAM(off_t, ftello, (FILE * f), (f))

LIBC_WRAP(void, clearerr)(FILE *f)
{
    input(f, RT_CALLER);
    __real_clearerr(f);
}

LIBC_WRAP(void, rewind)(FILE *f)
{
    input(f, RT_CALLER);
    __real_rewind(f);
}

static int scan(FILE *f, const char *format, va_list args, uintptr_t pc)
{
    int n;

    input(f, pc);
    n = vfscanf(f, format, args);
    libc_scanned(format, args, n, pc);
    return n;
}

static int scan_text(const char *s, const char *format, va_list args,
                     uintptr_t pc)
{
    int n;

    libc_reads_string(s, pc);
    n = vsscanf(s, format, args);
    libc_scanned(format, args, n, pc);
    return n;
}

// Each under its own name, that of C99 and that of C23, which is what the
// headers of glibc call.
#define SCAN_NAMED(name)                                                       \
    int __wrap_##name##scanf(const char *format, ...);                         \
    int __wrap_##name##scanf(const char *format, ...)                          \
    {                                                                          \
        va_list args;                                                          \
        int n;                                                                 \
                                                                               \
        va_start(args, format);                                                \
        n = scan(stdin, format, args, RT_CALLER);                              \
        va_end(args);                                                          \
        return n;                                                              \
    }                                                                          \
    int __wrap_##name##fscanf(FILE *f, const char *format, ...);               \
    int __wrap_##name##fscanf(FILE *f, const char *format, ...)                \
    {                                                                          \
        va_list args;                                                          \
        int n;                                                                 \
                                                                               \
        va_start(args, format);                                                \
        n = scan(f, format, args, RT_CALLER);                                  \
        va_end(args);                                                          \
        return n;                                                              \
    }                                                                          \
    int __wrap_##name##sscanf(const char *s, const char *format, ...);         \
    int __wrap_##name##sscanf(const char *s, const char *format, ...)          \
    {                                                                          \
        va_list args;                                                          \
        int n;                                                                 \
                                                                               \
        va_start(args, format);                                                \
        n = scan_text(s, format, args, RT_CALLER);                             \
        va_end(args);                                                          \
        return n;                                                              \
    }                                                                          \
    int __wrap_##name##vscanf(const char *format, va_list args);               \
    int __wrap_##name##vscanf(const char *format, va_list args)                \
    {                                                                          \
        return scan(stdin, format, args, RT_CALLER);                           \
    }                                                                          \
    int __wrap_##name##vfscanf(FILE *f, const char *format, va_list args);     \
    int __wrap_##name##vfscanf(FILE *f, const char *format, va_list args)      \
    {                                                                          \
        return scan(f, format, args, RT_CALLER);                               \
    }                                                                          \
    int __wrap_##name##vsscanf(const char *s, const char *format,              \
                               va_list args);                                  \
    int __wrap_##name##vsscanf(const char *s, const char *format,              \
                               va_list args)                                   \
    {                                                                          \
        return scan_text(s, format, args, RT_CALLER);                          \
    }

SCAN_NAMED()
SCAN_NAMED(__isoc99_)
SCAN_NAMED(__isoc23_)

// <string.h>: bytes and strings.

#include "libc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

LIBC_WRAP(void *, memcpy)(void *to, const void *from, size_t n)
{
    libc_reads(from, n, RT_CALLER);
    libc_writes(to, n, RT_CALLER);
    return __real_memcpy(to, from, n);
}

LIBC_WRAP(void *, mempcpy)(void *to, const void *from, size_t n)
{
    libc_reads(from, n, RT_CALLER);
    libc_writes(to, n, RT_CALLER);
    return __real_mempcpy(to, from, n);
}

LIBC_WRAP(void *, memmove)(void *to, const void *from, size_t n)
{
    libc_reads(from, n, RT_CALLER);
    libc_writes(to, n, RT_CALLER);
    return __real_memmove(to, from, n);
}

LIBC_WRAP(void, bcopy)(const void *from, void *to, size_t n)
{
    libc_reads(from, n, RT_CALLER);
    libc_writes(to, n, RT_CALLER);
    __real_memmove(to, from, n);
}

LIBC_WRAP(void *, memset)(void *to, int byte, size_t n)
{
    libc_writes(to, n, RT_CALLER);
    return __real_memset(to, byte, n);
}

LIBC_WRAP(void, bzero)(void *to, size_t n)
{
    libc_writes(to, n, RT_CALLER);
    __real_memset(to, 0, n);
}

LIBC_WRAP(void, explicit_bzero)(void *to, size_t n)
{
    libc_writes(to, n, RT_CALLER);
    __real_explicit_bzero(to, n);
}

LIBC_WRAP(int, memcmp)(const void *a, const void *b, size_t n)
{
    libc_reads(a, n, RT_CALLER);
    libc_reads(b, n, RT_CALLER);
    return __real_memcmp(a, b, n);
}

LIBC_WRAP(int, bcmp)(const void *a, const void *b, size_t n)
{
    libc_reads(a, n, RT_CALLER);
    libc_reads(b, n, RT_CALLER);
    return __real_memcmp(a, b, n);
}

LIBC_WRAP(void *, memchr)(const void *s, int c, size_t n)
{
    const char *at = __real_memchr(s, c, n);

    libc_reads(s, at ? (size_t)(at - (const char *)s) + 1 : n, RT_CALLER);
    return (void *)at;
}

LIBC_WRAP(void *, memrchr)(const void *s, int c, size_t n)
{
    libc_reads(s, n, RT_CALLER);
    return __real_memrchr(s, c, n);
}

LIBC_WRAP(void *, memmem)(const void *s, size_t n, const void *what, size_t len)
{
    libc_reads(s, n, RT_CALLER);
    libc_reads(what, len, RT_CALLER);
    return __real_memmem(s, n, what, len);
}

LIBC_WRAP(size_t, strlen)(const char *s)
{
    libc_reads_string(s, RT_CALLER);
    return __real_strlen(s);
}

// What a function reads that looks at no more than n bytes of a string.
static size_t within(const char *s, size_t n)
{
    const char *end = n ? memchr(s, 0, n) : NULL;

    return end ? (size_t)(end - s) + 1 : n;
}

LIBC_WRAP(size_t, strnlen)(const char *s, size_t n)
{
    libc_reads(s, within(s, n), RT_CALLER);
    return __real_strnlen(s, n);
}

LIBC_WRAP(char *, strcpy)(char *to, const char *from)
{
    size_t n = strlen(from) + 1;

    libc_reads(from, n, RT_CALLER);
    libc_writes(to, n, RT_CALLER);
    return __real_strcpy(to, from);
}

LIBC_WRAP(char *, stpcpy)(char *to, const char *from)
{
    size_t n = strlen(from) + 1;

    libc_reads(from, n, RT_CALLER);
    libc_writes(to, n, RT_CALLER);
    return __real_stpcpy(to, from);
}

LIBC_WRAP(char *, strncpy)(char *to, const char *from, size_t n)
{
    libc_reads(from, within(from, n), RT_CALLER);
    libc_writes(to, n, RT_CALLER);
    return __real_strncpy(to, from, n);
}

LIBC_WRAP(char *, stpncpy)(char *to, const char *from, size_t n)
{
    libc_reads(from, within(from, n), RT_CALLER);
    libc_writes(to, n, RT_CALLER);
    return __real_stpncpy(to, from, n);
}

LIBC_WRAP(char *, strcat)(char *to, const char *from)
{
    size_t n = strlen(from) + 1, end = strlen(to);

    libc_reads(from, n, RT_CALLER);
    libc_reads(to, end + 1, RT_CALLER);
    libc_writes(to + end, n, RT_CALLER);
    return __real_strcat(to, from);
}

LIBC_WRAP(char *, strncat)(char *to, const char *from, size_t n)
{
    size_t end = strlen(to);

    libc_reads(from, within(from, n), RT_CALLER);
    libc_reads(to, end + 1, RT_CALLER);
    libc_writes(to + end, strnlen(from, n) + 1, RT_CALLER);
    return __real_strncat(to, from, n);
}

// How far a comparison of at most n bytes gets, with what it stops at.
static size_t compared(const char *a, const char *b, size_t n, bool fold)
{
    size_t i = 0;

    while (i < n) {
        char x = a[i], y = b[i];

        i++;
        if (!x || !y || (fold ? strncasecmp(&x, &y, 1) : x != y))
            break;
    }
    return i;
}

LIBC_WRAP(int, strcmp)(const char *a, const char *b)
{
    size_t n = compared(a, b, SIZE_MAX, false);

    libc_reads(a, n, RT_CALLER);
    libc_reads(b, n, RT_CALLER);
    return __real_strcmp(a, b);
}

LIBC_WRAP(int, strncmp)(const char *a, const char *b, size_t n)
{
    size_t got = compared(a, b, n, false);

    libc_reads(a, got, RT_CALLER);
    libc_reads(b, got, RT_CALLER);
    return __real_strncmp(a, b, n);
}

LIBC_WRAP(int, strcasecmp)(const char *a, const char *b)
{
    size_t n = compared(a, b, SIZE_MAX, true);

    libc_reads(a, n, RT_CALLER);
    libc_reads(b, n, RT_CALLER);
    return __real_strcasecmp(a, b);
}

LIBC_WRAP(int, strncasecmp)(const char *a, const char *b, size_t n)
{
    size_t got = compared(a, b, n, true);

    libc_reads(a, got, RT_CALLER);
    libc_reads(b, got, RT_CALLER);
    return __real_strncasecmp(a, b, n);
}

LIBC_WRAP(int, strcoll)(const char *a, const char *b)
{
    libc_reads_string(a, RT_CALLER);
    libc_reads_string(b, RT_CALLER);
    return __real_strcoll(a, b);
}

LIBC_WRAP(size_t, strxfrm)(char *to, const char *from, size_t n)
{
    size_t need;

    libc_reads_string(from, RT_CALLER);
    need = __real_strxfrm(to, from, n);
    libc_has_written(to, need + 1 < n ? need + 1 : n, RT_CALLER);
    return need;
}

LIBC_WRAP(char *, strchr)(const char *s, int c)
{
    const char *at = __real_strchr(s, c);

    libc_reads(s, (at ? (size_t)(at - s) : strlen(s)) + 1, RT_CALLER);
    return (char *)at;
}

LIBC_WRAP(char *, index)(const char *s, int c)
{
    const char *at = __real_strchr(s, c);

    libc_reads(s, (at ? (size_t)(at - s) : strlen(s)) + 1, RT_CALLER);
    return (char *)at;
}

LIBC_WRAP(char *, strchrnul)(const char *s, int c)
{
    const char *at = __real_strchrnul(s, c);

    libc_reads(s, (size_t)(at - s) + 1, RT_CALLER);
    return (char *)at;
}

LIBC_WRAP(char *, strrchr)(const char *s, int c)
{
    libc_reads_string(s, RT_CALLER);
    return __real_strrchr(s, c);
}

LIBC_WRAP(char *, rindex)(const char *s, int c)
{
    libc_reads_string(s, RT_CALLER);
    return (char *)__real_strrchr(s, c);
}

LIBC_WRAP(char *, strstr)(const char *s, const char *what)
{
    const char *at = __real_strstr(s, what);

    libc_reads_string(what, RT_CALLER);
    libc_reads(s, at ? (size_t)(at - s) + strlen(what) : strlen(s) + 1,
               RT_CALLER);
    return (char *)at;
}

LIBC_WRAP(char *, strcasestr)(const char *s, const char *what)
{
    libc_reads_string(what, RT_CALLER);
    libc_reads_string(s, RT_CALLER);
    return __real_strcasestr(s, what);
}

LIBC_WRAP(size_t, strspn)(const char *s, const char *set)
{
    size_t n = __real_strspn(s, set);

    libc_reads_string(set, RT_CALLER);
    libc_reads(s, n + 1, RT_CALLER);
    return n;
}

LIBC_WRAP(size_t, strcspn)(const char *s, const char *set)
{
    size_t n = __real_strcspn(s, set);

    libc_reads_string(set, RT_CALLER);
    libc_reads(s, n + 1, RT_CALLER);
    return n;
}

LIBC_WRAP(char *, strpbrk)(const char *s, const char *set)
{
    libc_reads_string(set, RT_CALLER);
    libc_reads(s, strcspn(s, set) + 1, RT_CALLER);
    return (char *)__real_strpbrk(s, set);
}

LIBC_WRAP(char *, strdup)(const char *s)
{
    char *copy;

    libc_reads_string(s, RT_CALLER);
    copy = __real_strdup(s);
    if (copy)
        libc_has_written(copy, strlen(copy) + 1, RT_CALLER);
    return copy;
}

LIBC_WRAP(char *, strndup)(const char *s, size_t n)
{
    char *copy;

    libc_reads(s, within(s, n), RT_CALLER);
    copy = __real_strndup(s, n);
    if (copy)
        libc_has_written(copy, strlen(copy) + 1, RT_CALLER);
    return copy;
}

LIBC_WRAP(char *, strsep)(char **at, const char *set)
{
    size_t n;

    libc_reads_string(set, RT_CALLER);
    libc_reads(at, sizeof *at, RT_CALLER);
    if (*at) {
        n = strcspn(*at, set);
        libc_reads(*at, n + 1, RT_CALLER);
        if ((*at)[n])
            libc_writes(*at + n, 1, RT_CALLER);
        libc_writes(at, sizeof *at, RT_CALLER);
    }
    return __real_strsep(at, set);
}

// The token that begins at or after s: what is read, and the end written.
static void cut_token(char *s, const char *set, uintptr_t pc)
{
    size_t skip, n;

    libc_reads_string(set, pc);
    if (!s)
        return;
    skip = strspn(s, set);
    n = skip + strcspn(s + skip, set);
    libc_reads(s, n + 1, pc);
    if (s[n])
        libc_writes(s + n, 1, pc);
}

LIBC_WRAP(char *, strtok_r)(char *s, const char *set, char **save)
{
    if (!s) {
        libc_reads(save, sizeof *save, RT_CALLER);
        s = *save;
    }
    cut_token(s, set, RT_CALLER);
    libc_writes(save, sizeof *save, RT_CALLER);
    return __real_strtok_r(s, set, save);
}

// With a place of its own to save to, so that it is known where it goes on.
LIBC_WRAP(char *, strtok)(char *s, const char *set)
{
    static char *save;

    libc_writes(&libc_state_strtok, 1, RT_CALLER);
    if (!s)
        s = save;
    cut_token(s, set, RT_CALLER);
    return __real_strtok_r(s, set, &save);
}

LIBC_WRAP(char *, basename)(const char *path)
{
    libc_reads_string(path, RT_CALLER);
    return __real_basename(path);
}

LIBC_WRAP(char *, strerror_r)(int err, char *to, size_t n)
{
    char *s = __real_strerror_r(err, to, n);

    if (s == to)
        libc_has_written(to, strlen(to) + 1, RT_CALLER);
    return s;
}

// The one of POSIX, without _GNU_SOURCE.
int __real___xpg_strerror_r(int err, char *to, size_t n);
int __wrap___xpg_strerror_r(int err, char *to, size_t n);
int __wrap___xpg_strerror_r(int err, char *to, size_t n)
{
    int failed = __real___xpg_strerror_r(err, to, n);

    if (n)
        libc_has_written(to, strnlen(to, n - 1) + 1, RT_CALLER);
    return failed;
}

LIBC_WRAP(size_t, wcslen)(const wchar_t *s)
{
    size_t n = __real_wcslen(s);

    libc_reads(s, (n + 1) * sizeof *s, RT_CALLER);
    return n;
}

// <libgen.h>: these may cut the path short, by a byte.
#define PATH_PART(symbol)                                                      \
    char *__real_##symbol(char *path);                                         \
    char *__wrap_##symbol(char *path);                                         \
    char *__wrap_##symbol(char *path)                                          \
    {                                                                          \
        size_t n = path ? strlen(path) : 0;                                    \
        char *part;                                                            \
                                                                               \
        if (path)                                                              \
            libc_reads_string(path, RT_CALLER);                                \
        part = __real_##symbol(path);                                          \
        if (path && strlen(path) < n)                                          \
            libc_has_written(path + strlen(path), 1, RT_CALLER);               \
        return part;                                                           \
    }

PATH_PART(dirname)
PATH_PART(__xpg_basename)

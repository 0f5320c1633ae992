// Numbers from strings.
#include "libc.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

// What was read is known when the end of the number is: up to the byte there.
#define FROM_STRING(type, name, parameters, arguments)                         \
    LIBC_WRAP(type, name) parameters                                           \
    {                                                                          \
        char *stop;                                                            \
        type n = __real_##name arguments;                                      \
                                                                               \
        libc_has_read(s, (size_t)(stop - s) + 1, RT_CALLER);                   \
        if (end) {                                                             \
            libc_has_written(end, sizeof *end, RT_CALLER);                     \
            *end = stop;                                                       \
        }                                                                      \
        return n;                                                              \
    }

#define INTEGER(type, name)                                                    \
    FROM_STRING(type, name, (const char *s, char **end, int base),             \
                (s, &stop, base))
#define REAL(type, name)                                                       \
    FROM_STRING(type, name, (const char *s, char **end), (s, &stop))

INTEGER(long, strtol)
INTEGER(long long, strtoll)
INTEGER(unsigned long, strtoul)
INTEGER(unsigned long long, strtoull)
INTEGER(intmax_t, strtoimax)
INTEGER(uintmax_t, strtoumax)
REAL(double, strtod)
REAL(float, strtof)
REAL(long double, strtold)

// glibc 2.38 and later call the C23 ones, which also know binary numbers.
#define INTEGER_C23(type, name)                                                \
    type __wrap___isoc23_##name(const char *s, char **end, int base);          \
    type __wrap___isoc23_##name(const char *s, char **end, int base)           \
    {                                                                          \
        return __wrap_##name(s, end, base);                                    \
    }

INTEGER_C23(long, strtol)
INTEGER_C23(long long, strtoll)
INTEGER_C23(unsigned long, strtoul)
INTEGER_C23(unsigned long long, strtoull)
INTEGER_C23(intmax_t, strtoimax)
INTEGER_C23(uintmax_t, strtoumax)

static size_t digits(const char *s)
{
    int err = errno;
    char *stop;

    (void)__real_strtol(s, &stop, 10);
    errno = err;
    return (size_t)(stop - s) + 1;
}

LIBC_WRAP(int, atoi)(const char *s)
{
    libc_reads(s, digits(s), RT_CALLER);
    return __real_atoi(s);
}

LIBC_WRAP(long, atol)(const char *s)
{
    libc_reads(s, digits(s), RT_CALLER);
    return __real_atol(s);
}

LIBC_WRAP(long long, atoll)(const char *s)
{
    libc_reads(s, digits(s), RT_CALLER);
    return __real_atoll(s);
}

LIBC_WRAP(double, atof)(const char *s)
{
    char *stop;
    double x = __real_strtod(s, &stop);

    libc_has_read(s, (size_t)(stop - s) + 1, RT_CALLER);
    return x;
}

// Functions that keep something between calls: one object for each such thing.
//
// libc may lock it, but the standard promises nothing, and which thread gets
// what then depends on the order. A race on the object is a finding.

#include "libc.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

char libc_state_rand, libc_state_drand48, libc_state_strtok,
    libc_state_localtime, libc_state_asctime, libc_state_environment,
    libc_state_getopt, libc_state_locale, libc_state_signgam,
    libc_state_inet_ntoa;

LIBC_WRAP(int, rand)(void)
{
    libc_writes(&libc_state_rand, 1, RT_CALLER);
    return __real_rand();
}

LIBC_WRAP(void, srand)(unsigned seed)
{
    libc_writes(&libc_state_rand, 1, RT_CALLER);
    __real_srand(seed);
}

// glibc's rand is its random: one state for both.
LIBC_WRAP(long, random)(void)
{
    libc_writes(&libc_state_rand, 1, RT_CALLER);
    return __real_random();
}

LIBC_WRAP(void, srandom)(unsigned seed)
{
    libc_writes(&libc_state_rand, 1, RT_CALLER);
    __real_srandom(seed);
}

LIBC_WRAP(int, rand_r)(unsigned *seed)
{
    libc_reads(seed, sizeof *seed, RT_CALLER);
    libc_writes(seed, sizeof *seed, RT_CALLER);
    return __real_rand_r(seed);
}

LIBC_WRAP(int, random_r)(struct random_data *data, int32_t *to)
{
    libc_writes(data, sizeof *data, RT_CALLER);
    libc_writes(to, sizeof *to, RT_CALLER);
    return __real_random_r(data, to);
}

LIBC_WRAP(int, initstate_r)
(unsigned seed, char *state, size_t n, struct random_data *data)
{
    libc_writes(state, n, RT_CALLER);
    libc_writes(data, sizeof *data, RT_CALLER);
    return __real_initstate_r(seed, state, n, data);
}

LIBC_WRAP(int, srandom_r)(unsigned seed, struct random_data *data)
{
    libc_writes(data, sizeof *data, RT_CALLER);
    return __real_srandom_r(seed, data);
}

LIBC_WRAP(void, srand48)(long seed)
{
    libc_writes(&libc_state_drand48, 1, RT_CALLER);
    __real_srand48(seed);
}

#define DRAND48(type, name)                                                    \
    LIBC_WRAP(type, name)(void)                                                \
    {                                                                          \
        libc_writes(&libc_state_drand48, 1, RT_CALLER);                        \
        return __real_##name();                                                \
    }
#define ERAND48(type, name)                                                    \
    LIBC_WRAP(type, name)(unsigned short x[3])                                 \
    {                                                                          \
        libc_writes(x, 3 * sizeof x[0], RT_CALLER);                            \
        return __real_##name(x);                                               \
    }

DRAND48(double, drand48)
DRAND48(long, lrand48)
DRAND48(long, mrand48)
ERAND48(double, erand48)
ERAND48(long, nrand48)
ERAND48(long, jrand48)

LIBC_WRAP(char *, getenv)(const char *name)
{
    libc_reads_string(name, RT_CALLER);
    libc_reads(&libc_state_environment, 1, RT_CALLER);
    return __real_getenv(name);
}

LIBC_WRAP(char *, secure_getenv)(const char *name)
{
    libc_reads_string(name, RT_CALLER);
    libc_reads(&libc_state_environment, 1, RT_CALLER);
    return __real_secure_getenv(name);
}

LIBC_WRAP(int, setenv)(const char *name, const char *value, int replace)
{
    libc_reads_string(name, RT_CALLER);
    libc_reads_string(value, RT_CALLER);
    libc_writes(&libc_state_environment, 1, RT_CALLER);
    return __real_setenv(name, value, replace);
}

LIBC_WRAP(int, unsetenv)(const char *name)
{
    libc_reads_string(name, RT_CALLER);
    libc_writes(&libc_state_environment, 1, RT_CALLER);
    return __real_unsetenv(name);
}

LIBC_WRAP(int, putenv)(char *text)
{
    libc_reads_string(text, RT_CALLER);
    libc_writes(&libc_state_environment, 1, RT_CALLER);
    return __real_putenv(text);
}

LIBC_WRAP(int, clearenv)(void)
{
    libc_writes(&libc_state_environment, 1, RT_CALLER);
    return __real_clearenv();
}

LIBC_WRAP(char *, setlocale)(int category, const char *name)
{
    if (name) {
        libc_reads_string(name, RT_CALLER);
        libc_writes(&libc_state_locale, 1, RT_CALLER);
    } else {
        libc_reads(&libc_state_locale, 1, RT_CALLER);
    }
    return __real_setlocale(category, name);
}

LIBC_WRAP(struct lconv *, localeconv)(void)
{
    libc_writes(&libc_state_locale, 1, RT_CALLER);
    return __real_localeconv();
}

static void options(char *const *argv, const char *letters, uintptr_t pc)
{
    libc_reads_string(letters, pc);
    for (size_t i = 0; rt_on && argv[i]; i++) {
        libc_reads(&argv[i], sizeof argv[i], pc);
        libc_reads_string(argv[i], pc);
    }
    libc_writes(&libc_state_getopt, 1, pc);
}

LIBC_WRAP(int, getopt)(int argc, char *const *argv, const char *letters)
{
    options(argv, letters, RT_CALLER);
    return __real_getopt(argc, argv, letters);
}

LIBC_WRAP(int, getopt_long)
(int argc, char *const *argv, const char *letters, const struct option *names,
 int *at)
{
    options(argv, letters, RT_CALLER);
    return __real_getopt_long(argc, argv, letters, names, at);
}

LIBC_WRAP(char *, inet_ntoa)(struct in_addr in)
{
    libc_writes(&libc_state_inet_ntoa, 1, RT_CALLER);
    return __real_inet_ntoa(in);
}

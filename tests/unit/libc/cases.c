// One call of libc in a thread beside one access of main, in the explorer.
//
// Usage: cases CASE racy|locked|beside
//   racy    main touches a byte that the call touches: a race
//   locked  the same under a lock: none
//   beside  main touches the first byte that the call does not: none
// Usage: cases list [group]: prints the names.

#define _GNU_SOURCE
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

static char a[32] = "hello", b[32] = "world", c[32] = "ell", d[32] = "one two";
static char num[32] = "42 x", real[32] = "2.5e1z", *end, *at = d, *save = d;
static char name[32] = "LIBC_CASE", tmpl[32] = "%d %s\n";
static int numbers[8] = {5, 3, 9, 1, 7, 2, 8, 4}, pair[2], n;
static unsigned seed[2];
static unsigned short x48[4];
static double whole[2], angles[4];
static time_t when[2];
static struct tm tms[2];
static struct stat stats[2];
static struct timespec spans[2];
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static wchar_t wide[8] = L"abc";
static char *line, dir[256];
static size_t room;
static volatile char sink;
static __thread void *volatile keep;

// The value in memory that decides nothing: -fno-builtin is not enough for a
// result that is thrown away with a warning.
#define USE(call) (keep = (void *)(size_t)(call))

static int by_value(const void *p, const void *q)
{
    return *(const int *)p - *(const int *)q;
}

enum { READS, WRITES };

#define CASES(X)                                                               \
    X(memcpy_from, memcpy(b, a, 4), READS, a + 3, a + 4)                       \
    X(memcpy_to, memcpy(b, a, 4), WRITES, b + 3, b + 4)                        \
    X(mempcpy_to, mempcpy(b, a, 4), WRITES, b, b + 4)                          \
    X(memmove_from, memmove(b, a, 4), READS, a, a + 4)                         \
    X(bcopy_to, bcopy(a, b, 4), WRITES, b, b + 4)                              \
    X(memset_to, memset(b, 0, 4), WRITES, b + 3, b + 4)                        \
    X(bzero_to, bzero(b, 4), WRITES, b + 3, b + 4)                             \
    X(explicit_bzero_to, explicit_bzero(b, 4), WRITES, b, b + 4)               \
    X(memcmp_left, USE(memcmp(a, b, 4)), READS, a, a + 4)                      \
    X(memcmp_right, USE(memcmp(a, b, 4)), READS, b, b + 4)                     \
    X(memchr_found, USE(memchr(a, 'l', 5)), READS, a + 2, a + 3)               \
    X(memchr_missed, USE(memchr(a, 'q', 4)), READS, a + 3, a + 4)              \
    X(memrchr_all, USE(memrchr(a, 'l', 5)), READS, a, a + 5)                   \
    X(memmem_what, USE(memmem(a, 5, c, 2)), READS, c + 1, c + 2)               \
    X(strlen_end, USE(strlen(a)), READS, a + 5, a + 6)                         \
    X(strnlen_short, USE(strnlen(a, 3)), READS, a + 2, a + 3)                  \
    X(strcpy_from, strcpy(b, a), READS, a + 5, a + 6)                          \
    X(strcpy_to, strcpy(b, a), WRITES, b + 5, b + 6)                           \
    X(stpcpy_to, stpcpy(b, a), WRITES, b + 5, b + 6)                           \
    X(strncpy_from, strncpy(b, a, 10), READS, a + 5, a + 6)                    \
    X(strncpy_to, strncpy(b, a, 10), WRITES, b + 9, b + 10)                    \
    X(strcat_from, strcat(b, c), READS, c + 3, c + 4)                          \
    X(strcat_read, strcat(b, c), READS, b, b + 9)                              \
    X(strcat_to, strcat(b, c), WRITES, b + 8, b + 9)                           \
    X(strncat_to, strncat(b, a, 2), WRITES, b + 7, b + 8)                      \
    X(strncat_from, strncat(b, a, 2), READS, a + 1, a + 2)                     \
    X(strcmp_left, USE(strcmp(a, b)), READS, a, a + 1)                         \
    X(strcmp_same, USE(strcmp(a, "hello")), READS, a + 5, a + 6)               \
    X(strncmp_left, USE(strncmp(a, "help", 3)), READS, a + 2, a + 3)           \
    X(strcasecmp_left, USE(strcasecmp(a, "HELP")), READS, a + 3, a + 4)        \
    X(strncasecmp_left, USE(strncasecmp(a, "HELLO", 2)), READS, a + 1, a + 2)  \
    X(strcoll_left, USE(strcoll(a, b)), READS, a + 5, a + 6)                   \
    X(strxfrm_to, USE(strxfrm(b, a, 20)), WRITES, b + 5, b + 6)                \
    X(strchr_found, USE(strchr(a, 'e')), READS, a + 1, a + 2)                  \
    X(strchr_missed, USE(strchr(a, 'q')), READS, a + 5, a + 6)                 \
    X(index_found, USE(index(a, 'e')), READS, a + 1, a + 2)                    \
    X(strchrnul_found, USE(strchrnul(a, 'e')), READS, a + 1, a + 2)            \
    X(strrchr_all, USE(strrchr(a, 'e')), READS, a + 5, a + 6)                  \
    X(strstr_found, USE(strstr(a, c)), READS, a + 3, a + 4)                    \
    X(strstr_what, USE(strstr(a, c)), READS, c + 3, c + 4)                     \
    X(strcasestr_all, USE(strcasestr(a, c)), READS, a + 5, a + 6)              \
    X(strspn_text, USE(strspn(a, "eh")), READS, a + 2, a + 3)                  \
    X(strcspn_text, USE(strcspn(a, "l")), READS, a + 2, a + 3)                 \
    X(strcspn_set, USE(strcspn("xyz", a)), READS, a + 5, a + 6)                \
    X(strpbrk_text, USE(strpbrk(a, "l")), READS, a + 2, a + 3)                 \
    X(strdup_from, USE(strdup(a)), READS, a + 5, a + 6)                        \
    X(strndup_from, USE(strndup(a, 2)), READS, a + 1, a + 2)                   \
    X(strsep_text, USE(strsep(&at, " ")), READS, d, d + 4)                     \
    X(strsep_end, USE(strsep(&at, " ")), WRITES, d + 3, d + 4)                 \
    X(strsep_place, USE(strsep(&at, " ")), WRITES, (char *)&at, d + 4)         \
    X(strtok_r_end, USE(strtok_r(d, " ", &save)), WRITES, d + 3, d + 4)        \
    X(strtok_r_goes_on, USE(strtok_r(NULL, " ", &save)), READS, d, d + 4)      \
    X(strtok_r_place, USE(strtok_r(d, " ", &save)), WRITES, (char *)&save,     \
      d + 4)                                                                   \
    X(strtok_end, USE(strtok(d, " ")), WRITES, d + 3, d + 4)                   \
    X(basename_path, USE(basename(a)), READS, a, a + 6)                        \
    X(wcslen_text, USE(wcslen(wide)), READS, (char *)(wide + 3) + 3,           \
      (char *)(wide + 4))                                                      \
    X(atoi_text, USE(atoi(num)), READS, num + 2, num + 3)                      \
    X(atol_text, USE(atol(num)), READS, num + 1, num + 3)                      \
    X(atof_text, USE(atof(real)), READS, real + 5, real + 6)                   \
    X(strtol_text, USE(strtol(num, NULL, 10)), READS, num + 2, num + 3)        \
    X(strtol_end, USE(strtol(num, &end, 10)), WRITES, (char *)&end, num + 3)   \
    X(strtoull_text, USE(strtoull(num, NULL, 16)), READS, num + 2, num + 3)    \
    X(strtod_text, USE(strtod(real, NULL)), READS, real + 5, real + 6)         \
    X(modf_part, USE(modf(2.5, whole)), WRITES, (char *)whole,                 \
      (char *)(whole + 1))                                                     \
    X(frexp_part, USE(frexp(2.5, &n)), WRITES, (char *)&n, a)                  \
    X(sincos_part, sincos(1, angles, angles + 2), WRITES, (char *)&angles[2],  \
      (char *)&angles[1])                                                      \
    X(snprintf_to, snprintf(b, 20, "abc"), WRITES, b + 3, b + 4)               \
    X(snprintf_short, USE(snprintf(b, 3, "abcdef")), WRITES, b + 2, b + 3)     \
    X(sprintf_to, sprintf(b, "%d", 1234), WRITES, b + 4, b + 5)                \
    X(snprintf_format, snprintf(b, 20, tmpl, 1, "x"), READS, tmpl + 6,         \
      tmpl + 7)                                                                \
    X(snprintf_string, snprintf(b, 20, "%5d%-9s", 1, a), READS, a + 5, a + 6)  \
    X(snprintf_precision, snprintf(b, 20, "%.*s", 3, a), READS, a + 2, a + 3)  \
    X(snprintf_after_double,                                                   \
      snprintf(b, 31, "%g %Lf %ld %c %p %s", 1.5, 2.5L, 3L, 'c', "", a),       \
      READS, a + 5, a + 6)                                                     \
    X(snprintf_count, snprintf(b, 20, "abc%n", &n), WRITES, (char *)&n, a)     \
    X(asprintf_string, USE(asprintf(&line, "%s", a)), READS, a + 5, a + 6)     \
    X(sscanf_text, sscanf(num, "%d", &n), READS, num + 4, num + 5)             \
    X(sscanf_int, sscanf(num, "%d", pair), WRITES, (char *)pair,               \
      (char *)(pair + 1))                                                      \
    X(sscanf_string, sscanf("ab cd", "%*s%s", b), WRITES, b + 2, b + 3)        \
    X(sscanf_unfilled, sscanf("1 x", "%d %d", pair, &n), WRITES, (char *)pair, \
      (char *)&n)                                                              \
    X(sscanf_set, sscanf("abc1", "%[a-c]%d", b, &n), WRITES, b + 3, b + 4)     \
    X(sscanf_char, sscanf("abc", "%2c", b), WRITES, b + 1, b + 2)              \
    X(localtime_r_to, USE(localtime_r(when, tms)), WRITES, (char *)tms,        \
      (char *)(tms + 1))                                                       \
    X(gmtime_r_from, USE(gmtime_r(when, tms)), READS, (char *)when,            \
      (char *)(when + 1))                                                      \
    X(mktime_to, USE(mktime(tms)), WRITES, (char *)tms, (char *)(tms + 1))     \
    X(strftime_to, USE(strftime(b, 20, "%Y", tms)), WRITES, b + 4, b + 5)      \
    X(strftime_from, USE(strftime(b, 20, "%Y", tms)), READS, (char *)tms,      \
      (char *)(tms + 1))                                                       \
    X(qsort_array, qsort(numbers, 4, sizeof *numbers, by_value), WRITES,       \
      (char *)(numbers + 3), (char *)(numbers + 4))                            \
    X(bsearch_array, USE(bsearch(&n, numbers, 1, sizeof *numbers, by_value)),  \
      READS, (char *)numbers, (char *)(numbers + 1))                           \
    X(rand_r_seed, rand_r(seed), WRITES, (char *)seed, (char *)(seed + 1))     \
    X(erand48_state, USE(erand48(x48)), WRITES, (char *)x48,                   \
      (char *)(x48 + 3))                                                       \
    X(getenv_name, USE(getenv(name)), READS, name, name + 10)                  \
    X(fgets_to, USE(fgets(b, 20, stdin)), WRITES, b + 6, b + 7)                \
    X(fread_to, USE(fread(b, 2, 2, stdin)), WRITES, b + 3, b + 4)              \
    X(read_to, USE(read(0, b, 4)), WRITES, b + 3, b + 4)                       \
    X(getline_place, USE(getline(&line, &room, stdin)), WRITES, (char *)&line, \
      a)                                                                       \
    X(scanf_to, USE(scanf("%5s", b)), WRITES, b + 5, b + 6)                    \
    X(fopen_path, USE(fopen(a, "r")), READS, a + 5, a + 6)                     \
    X(stat_to, USE(stat("/", stats)), WRITES, (char *)stats,                   \
      (char *)(stats + 1))                                                     \
    X(clock_gettime_to, USE(clock_gettime(CLOCK_MONOTONIC, spans)), WRITES,    \
      (char *)spans, (char *)(spans + 1))                                      \
    X(nanosleep_from, USE(nanosleep(spans, NULL)), READS, (char *)spans,       \
      (char *)(spans + 1))                                                     \
    X(time_to, USE(time(when)), WRITES, (char *)when, (char *)(when + 1))      \
    X(timedlock_from,                                                          \
      (USE(pthread_mutex_timedlock(&other, spans)),                            \
       pthread_mutex_unlock(&other)),                                          \
      READS, (char *)spans, (char *)(spans + 1))                               \
    X(getcwd_to, USE(getcwd(dir, 200)), WRITES, dir, dir + 200)                \
    X(printf_string, printf("%s\n", a), READS, a + 5, a + 6)                   \
    X(printf_format, printf(tmpl, 1, "x"), READS, tmpl, tmpl + 7)              \
    X(fprintf_string, fprintf(stdout, "%.2s\n", a), READS, a + 1, a + 2)       \
    X(puts_string, puts(a), READS, a + 5, a + 6)                               \
    X(fputs_string, fputs(a, stdout), READS, a + 5, a + 6)                     \
    X(fwrite_from, fwrite(a, 1, 4, stdout), READS, a + 3, a + 4)               \
    X(write_from, USE(write(1, a, 4)), READS, a + 3, a + 4)

// Hidden state: both sides call; nothing is beside it.
#define STATES(X)                                                              \
    X(rand, USE(rand()))                                                       \
    X(srand, srand(1))                                                         \
    X(random, USE(random()))                                                   \
    X(drand48, USE(lrand48()))                                                 \
    X(strtok, USE(strtok((char[]){"x y"}, " ")))                               \
    X(localtime, USE(localtime(when)))                                         \
    X(gmtime, USE(gmtime(when)))                                               \
    X(asctime, USE(asctime(tms)))                                              \
    X(ctime, USE(ctime(when)))                                                 \
    X(setenv, USE(setenv("LIBC_CASE", "1", 1)))                                \
    X(setlocale, USE(setlocale(LC_ALL, "C")))                                  \
    X(lgamma, USE(lgamma(2.5)))

// Reading and nothing else, from both sides: never a race.
#define QUIET(X)                                                               \
    X(getenv, USE(getenv("HOME")))                                             \
    X(strlen_both, USE(strlen(a)))                                             \
    X(toupper, USE(toupper('a') + isalpha('b')))                               \
    X(sin, USE(sin(1.0) + sqrtf(2.0f) + fabsl(1.0L)))                          \
    X(strerror, USE(strerror(2)))

#define FUNCTION(name, call, ...)                                              \
    static void do_##name(void)                                                \
    {                                                                          \
        call;                                                                  \
    }
CASES(FUNCTION)
STATES(FUNCTION)
QUIET(FUNCTION)

static const struct test {
    const char *name, *group;
    void (*call)(void);
    int does;
    char *inside, *beside;
} tests[] = {
#define ROW(name, call, does, inside, beside)                                  \
    {#name, "cases", do_##name, does, inside, beside},
#define STATE_ROW(name, call) {#name, "states", do_##name, 0, NULL, NULL},
#define QUIET_ROW(name, call) {#name, "quiet", do_##name, 0, NULL, NULL},
    CASES(ROW) STATES(STATE_ROW) QUIET(QUIET_ROW)};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct test *test;
static const char *mode;

static void guarded(void (*step)(void))
{
    if (!strcmp(mode, "locked"))
        pthread_mutex_lock(&lock);
    step();
    if (!strcmp(mode, "locked"))
        pthread_mutex_unlock(&lock);
}

static void *worker(void *arg)
{
    guarded(test->call);
    return arg;
}

static void touch(void)
{
    char *p = strcmp(mode, "beside") ? test->inside : test->beside;

    if (!test->inside)
        test->call();
    else if (test->does == READS || p == test->beside)
        *p = *p;
    else
        sink = *p;
}

static int list(const char *group)
{
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (!group || !strcmp(group, tests[i].group))
            puts(tests[i].name);
    return 0;
}

int main(int argc, char **argv)
{
    pthread_t t;

    if (argc >= 2 && !strcmp(argv[1], "list"))
        return list(argv[2]);
    if (argc != 3)
        return 2;
    mode = argv[2];
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (!strcmp(tests[i].name, argv[1]))
            test = &tests[i];
    if (!test || pthread_create(&t, NULL, worker, NULL))
        return 2;
    guarded(touch);
    pthread_join(t, NULL);
    return 0;
}

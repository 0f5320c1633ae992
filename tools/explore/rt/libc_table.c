// Names by groups; what a message says of hidden state.

#include "libc_table.h"

#include <stdlib.h>
#include <string.h>

// Functions of numbers alone; each also with f (float) and l (long double).
static const char *const math[] = {
    "acos",     "acosh",       "asin",      "asinh",        "atan",
    "atan2",    "atanh",       "cabs",      "cacos",        "cacosh",
    "carg",     "casin",       "casinh",    "catan",        "catanh",
    "cbrt",     "ccos",        "ccosh",     "ceil",         "cexp",
    "cimag",    "clog",        "clog10",    "conj",         "copysign",
    "cos",      "cosh",        "cpow",      "cproj",        "creal",
    "csin",     "csinh",       "csqrt",     "ctan",         "ctanh",
    "drem",     "erf",         "erfc",      "exp",          "exp10",
    "exp2",     "expm1",       "fabs",      "fdim",         "finite",
    "floor",    "fma",         "fmax",      "fmin",         "fmod",
    "hypot",    "ilogb",       "isinf",     "isnan",        "j0",
    "j1",       "jn",          "ldexp",     "llogb",        "llrint",
    "llround",  "log",         "log10",     "log1p",        "log2",
    "logb",     "lrint",       "lround",    "nearbyint",    "nextafter",
    "nextdown", "nexttoward",  "nextup",    "pow",          "remainder",
    "rint",     "round",       "roundeven", "scalb",        "scalbln",
    "scalbn",   "significand", "sin",       "sinh",         "sqrt",
    "tan",      "tanh",        "tgamma",    "trunc",        "y0",
    "y1",       "yn",          "__finite",  "__fpclassify", "__isinf",
    "__isnan",  "__signbit",
};

static const char *const harmless[] = {
    // numbers and characters
    "abs",
    "div",
    "feclearexcept",
    "fegetround",
    "feraiseexcept",
    "fesetround",
    "fetestexcept",
    "ffs",
    "ffsl",
    "ffsll",
    "htonl",
    "htons",
    "imaxabs",
    "imaxdiv",
    "isalnum",
    "isalpha",
    "isascii",
    "isblank",
    "iscntrl",
    "isdigit",
    "isgraph",
    "islower",
    "isprint",
    "ispunct",
    "isspace",
    "isupper",
    "isxdigit",
    "labs",
    "ldiv",
    "llabs",
    "lldiv",
    "ntohl",
    "ntohs",
    "toascii",
    "tolower",
    "toupper",
    // searching: the comparison is the program's
    "bsearch",
    // texts that do not change, or belong to the thread
    "gai_strerror",
    "gnu_get_libc_version",
    "strerror",
    "strsignal",
    // stack and errno of the thread; what a compiler adds
    "_ITM_deregisterTMCloneTable",
    "_ITM_registerTMCloneTable",
    "__cxa_atexit",
    "__cxa_finalize",
    "__ctype_b_loc",
    "__ctype_get_mb_cur_max",
    "__ctype_tolower_loc",
    "__ctype_toupper_loc",
    "__errno_location",
    "__gmon_start__",
    "__h_errno_location",
    "__libc_start_main",
    "__longjmp_chk",
    "__sigsetjmp",
    "__stack_chk_fail",
    "__tls_get_addr",
    "_longjmp",
    "_setjmp",
    "longjmp",
    "setjmp",
    "siglongjmp",
    // variables of libc, read and written by instrumented code
    "__environ",
    "daylight",
    "environ",
    "optarg",
    "opterr",
    "optind",
    "optopt",
    "program_invocation_name",
    "program_invocation_short_name",
    "stderr",
    "stdin",
    "stdout",
    "timezone",
    "tzname",
    // threads: names, attributes, and who I am
    "pthread_attr_destroy",
    "pthread_attr_getdetachstate",
    "pthread_attr_getguardsize",
    "pthread_attr_getinheritsched",
    "pthread_attr_getschedparam",
    "pthread_attr_getschedpolicy",
    "pthread_attr_getscope",
    "pthread_attr_getstack",
    "pthread_attr_getstacksize",
    "pthread_attr_init",
    "pthread_attr_setaffinity_np",
    "pthread_attr_setdetachstate",
    "pthread_attr_setguardsize",
    "pthread_attr_setinheritsched",
    "pthread_attr_setschedparam",
    "pthread_attr_setschedpolicy",
    "pthread_attr_setscope",
    "pthread_attr_setstacksize",
    "pthread_barrierattr_destroy",
    "pthread_barrierattr_getpshared",
    "pthread_barrierattr_init",
    "pthread_barrierattr_setpshared",
    "pthread_condattr_destroy",
    "pthread_condattr_getclock",
    "pthread_condattr_getpshared",
    "pthread_condattr_init",
    "pthread_condattr_setclock",
    "pthread_condattr_setpshared",
    "pthread_equal",
    "pthread_getaffinity_np",
    "pthread_getattr_np",
    "pthread_getconcurrency",
    "pthread_getname_np",
    "pthread_getschedparam",
    "pthread_mutexattr_destroy",
    "pthread_mutexattr_getprotocol",
    "pthread_mutexattr_getpshared",
    "pthread_mutexattr_getrobust",
    "pthread_mutexattr_gettype",
    "pthread_mutexattr_init",
    "pthread_mutexattr_setprotocol",
    "pthread_mutexattr_setpshared",
    "pthread_mutexattr_setrobust",
    "pthread_mutexattr_settype",
    "pthread_rwlockattr_destroy",
    "pthread_rwlockattr_getkind_np",
    "pthread_rwlockattr_getpshared",
    "pthread_rwlockattr_init",
    "pthread_rwlockattr_setkind_np",
    "pthread_rwlockattr_setpshared",
    "pthread_self",
    "pthread_setaffinity_np",
    "pthread_setconcurrency",
    "pthread_setname_np",
    "pthread_setschedparam",
    "pthread_setschedprio",
    "pthread_sigmask",
    "thrd_current",
    "thrd_equal",
    // processors and limits
    "__sched_cpualloc",
    "__sched_cpucount",
    "__sched_cpufree",
    "get_nprocs",
    "get_nprocs_conf",
    "getauxval",
    "getpagesize",
    "nice",
    "pathconf",
    "prctl",
    "dl_iterate_phdr",
    "sched_get_priority_max",
    "sched_get_priority_min",
    "sched_getaffinity",
    "sched_getcpu",
    "sched_setaffinity",
    "sched_setscheduler",
    "sysconf",
    // signals to oneself: the handler is instrumented
    "sigaction",
    "sigaddset",
    "sigaltstack",
    "sigdelset",
    "sigemptyset",
    "sigfillset",
    "sigismember",
    "signal",
    "sigprocmask",
    // the process and its descriptors
    "fcntl",
    "fdatasync",
    "fileno",
    "fileno_unlocked",
    "fsync",
    "getegid",
    "geteuid",
    "getgid",
    "getuid",
    "isatty",
    "setlinebuf",
    "setrlimit",
    "umask",
    // pages, not what is in them
    "madvise",
    "mlock",
    "mlockall",
    "mprotect",
    "munlock",
    "posix_fadvise",
    // time without the clock
    "clock_getres",
    "difftime",
    "tzset",
};

// Sorted once, at the first question: the lists above are in groups to read.
struct names {
    const char *const *from;
    size_t n;
    const char **sorted;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool holds(struct names *names, const char *name)
{
    if (!names->sorted) {
        names->sorted = malloc(names->n * sizeof *names->sorted);
        if (!names->sorted)
            abort();
        memcpy(names->sorted, names->from, names->n * sizeof *names->sorted);
        qsort(names->sorted, names->n, sizeof *names->sorted, by_name);
    }
    return bsearch(&name, names->sorted, names->n, sizeof *names->sorted,
                   by_name);
}

static bool is_math(const char *name)
{
    static struct names all = {math, sizeof math / sizeof *math, NULL};
    char base[32];
    size_t n = strlen(name);

    if (holds(&all, name))
        return true;
    if (n < 2 || n >= sizeof base || !strchr("fl", name[n - 1]))
        return false;
    memcpy(base, name, n - 1);
    base[n - 1] = 0;
    return holds(&all, base);
}

bool libc_harmless(const char *name)
{
    static struct names all = {harmless, sizeof harmless / sizeof *harmless,
                               NULL};

    return holds(&all, name) || is_math(name);
}

bool libc_state_words(const char *symbol, const char **name,
                      const char **instead)
{
    static const char alone[] = "it only before threads are created";
    static const struct {
        const char *symbol, *name, *instead;
    } states[] = {
        {"rand", "the hidden state of rand() and random()",
         "rand_r() with a seed of the thread's own"},
        {"drand48", "the hidden state of drand48() and its kin",
         "erand48() with a seed of the thread's own"},
        {"strtok", "the place that strtok() remembers", "strtok_r()"},
        {"localtime", "the result of localtime() and gmtime()",
         "localtime_r() or gmtime_r()"},
        {"asctime", "the text of asctime() and ctime()", "strftime()"},
        {"environment", "the environment", alone},
        {"getopt", "the state of getopt()", alone},
        {"locale", "the locale", alone},
        {"signgam", "signgam, which lgamma() sets", "lgamma_r()"},
        {"inet_ntoa", "the text of inet_ntoa()", "inet_ntop()"},
    };
    static const char prefix[] = "libc_state_";

    if (strncmp(symbol, prefix, sizeof prefix - 1))
        return false;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (!strcmp(symbol + sizeof prefix - 1, states[i].symbol)) {
            *name = states[i].name;
            *instead = states[i].instead;
            return true;
        }
    return false;
}

/*
 * rl-procs: runs a program linked with libprocs.a, whose server tries its
 * schedules, and prints what they showed as the lines of a detector.
 */
#include "findings.h"

#include "../core/finding.h"
#include "../core/merge.h"
#include "../core/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "Usage: rl-procs [OPTION...] -- PROGRAM [ARGUMENT...]\n"
    "PROGRAM is linked with libprocs.a. Prints a detector's JSON Lines.\n"
    "  --runs N              at most so many schedules of hold-one\n"
    "  --seed S              taken and not used: nothing is drawn\n"
    "  --expect-output FILE  the right output\n"
    "  --stdin FILE, --wall S\n"
    "  --facts               only {\"max_alive\": N}: the most children at "
    "once\n"
    "Ends with 0 clean, 1 found, 3 broken, 4 no answer, 70 misuse.\n";

static struct procs_telling told = {
    .judging = {.detector = "processes", .wall = "60", .cpu = "30"}};
static struct run_options options = {
    .wall = 60, .cpu = 30, .memory = 1024, .output = 4L << 20, .record_fd = -1};
static char schedules[40];
static bool facts;

_Noreturn static void leave(int code)
{
    box_close(options.box);
    exit(fflush(stdout) || ferror(stdout) ? 70 : code);
}

_Noreturn static void misuse(const char *what)
{
    fprintf(stderr, "racelab: processes: %s\n", what);
    exit(70);
}

static void summary(const char *status, const char *basis, const char *reason)
{
    finding_print_summary(stdout, told.judging.detector, status, told.runs,
                          basis, reason);
}

__attribute__((format(printf, 1, 2))) _Noreturn static void
broken(const char *format, ...)
{
    char reason[400];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    summary("broken", "it could not be run", reason);
    leave(3);
}

static bool read_all(int fd, struct text *t)
{
    struct stat st;
    ssize_t n = 0;

    if (fstat(fd, &st) || !(t->bytes = malloc((size_t)st.st_size + 1)))
        return false;
    while (t->length < (size_t)st.st_size &&
           (n = pread(fd, t->bytes + t->length, (size_t)st.st_size - t->length,
                      (off_t)t->length)) > 0)
        t->length += (size_t)n;
    t->bytes[t->length] = '\0';
    return n >= 0;
}

static void expect(const char *path)
{
    static struct text right;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || !read_all(fd, &right))
        misuse("the file of the right output cannot be read");
    close(fd);
    told.judging.expected = &right;
}

static void option(int name)
{
    switch (name) {
    case 'n':
        snprintf(schedules, sizeof schedules, "RL_PROCS_SCHEDULES=%d",
                 atoi(optarg));
        break;
    case 's':
        break;
    case 'x':
        expect(optarg);
        break;
    case 'i':
        options.input = optarg;
        break;
    case 'w':
        options.wall = atof(optarg);
        told.judging.wall = optarg;
        break;
    case 'f':
        facts = true;
        break;
    case 'h':
        fputs(usage, stdout);
        exit(0);
    default:
        misuse("no such option, or no value for it");
    }
}

static void parse(int argc, char **argv)
{
    static const struct option names[] = {
        {"runs", 1, NULL, 'n'},  {"seed", 1, NULL, 's'},
        {"stdin", 1, NULL, 'i'}, {"expect-output", 1, NULL, 'x'},
        {"wall", 1, NULL, 'w'},  {"help", 0, NULL, 'h'},
        {"facts", 0, NULL, 'f'}, {NULL, 0, NULL, 0},
    };
    int c;

    opterr = 0;
    while ((c = getopt_long(argc, argv, "+", names, NULL)) != -1)
        option(c);
    if (optind == argc)
        misuse("which program?");
    options.program = argv + optind;
}

static void open_all(const char *binary)
{
    static char inside[BOX_PATH];
    static const char *env[] = {schedules, NULL};
    struct box_options o = {.nfiles = 1, .files = {{binary, RUN_PROGRAM}}};
    char why[512];

    told.symbols = symbols_open(binary, why, sizeof why);
    if (!told.symbols)
        broken("%s", why);
    options.box = box_open(&o, why, sizeof why);
    if (!options.box)
        broken("no sandbox: %s", why);
    options.program[0] = box_path(options.box, RUN_PROGRAM, inside);
    if (schedules[0])
        options.env = env;
}

/* What the run of the server left; an end that is not its own is broken, or
 * no answer where a limit was reached. */
static void run_server(void)
{
    static char path[40];
    struct run_result result;
    struct text lines = {NULL, 0};
    char words[32];
    int fd = memfd_create("findings", MFD_CLOEXEC);

    if (fd < 0)
        exit(70);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    options.findings = path;
    if (run_once(&options, &result))
        broken("rl-run: %s", result.problem);
    if (result.end == RUN_NOSTART)
        broken("it does not start: %s", strerror(result.code));
    if (!read_all(fd, &lines))
        broken("its answers cannot be read: %s", strerror(errno));
    procs_read(&told, &lines);
    if (!told.ended && result.end != RUN_TIMEOUT && result.end != RUN_CPU &&
        result.end != RUN_MEMORY && result.end != RUN_TASKS)
        broken("the server ended early: %s",
               judge_end(&result, words, sizeof words));
    if (!told.ended)
        snprintf(told.refused, sizeof told.refused, "so much: the limit (%s)",
                 judge_end(&result, words, sizeof words));
    run_close(&options, &result);
    free(lines.bytes);
    close(fd);
}

static int finish(void)
{
    int n = (int)json_array_size(told.judged);
    int bad = merge_bad(told.judged);
    json_t *merged = merge_runs(told.judged);
    char basis[300], reason[160];
    size_t i;
    json_t *f;

    json_array_foreach (merged, i, f) {
        json_dumpf(f, stdout, JSON_COMPACT);
        putchar('\n');
    }
    json_decref(merged);
    told.runs = n;
    if (bad) {
        snprintf(basis, sizeof basis, "found in %d of %d schedules%s", bad, n,
                 bad < n ? told.example : "");
        summary("found", basis, NULL);
        return 1;
    }
    if (told.refused[0]) {
        snprintf(reason, sizeof reason, "it does not model %s", told.refused);
        summary("no-answer", "not modelled", reason);
        return 4;
    }
    if (!told.forked)
        snprintf(basis, sizeof basis, "no second process here");
    else if (n < told.of)
        snprintf(basis, sizeof basis, "right in %d of %d schedules", n,
                 told.of);
    else
        snprintf(basis, sizeof basis, "right in all %d schedules", n);
    summary("clean", basis, NULL);
    return 0;
}

int main(int argc, char **argv)
{
    int code;

    parse(argc, argv);
    told.judged = json_array();
    open_all(options.program[0]);
    run_server();
    code = facts ? printf("{\"max_alive\": %d}\n", told.alive) < 0 : finish();
    symbols_close(told.symbols);
    leave(code);
}

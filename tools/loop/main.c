/*
 * rl-loop: runs a program that waits for events (linked with libloop.a) in
 * one order of its events after another, in virtual time, and prints the
 * lines of a detector.
 */
#include "tool.h"

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
    "Usage: rl-loop --detector NAME --strategy order|stall|once|facts\n"
    "               [OPTION...] -- PROGRAM [ARGUMENT...]\n"
    "Runs PROGRAM, linked with libloop.a, in virtual time.\n"
    "  order   in all orders of its events, or in many\n"
    "  stall   who keeps the loop, in the usual order and in some others\n"
    "  once    in the order in which the events become ready\n"
    "  facts   the same, and prints one object: loop, ms (virtual), lacks\n"
    "  --runs N              so many orders are drawn, beside those that are "
    "not\n"
    "  --seed S              what they are drawn with\n"
    "  --expect-output FILE  the right output\n"
    "  --stdin FILE, --wall S    as for rl-run\n"
    "Ends with 0 clean, 1 found, 3 broken, 4 no answer, 70 misuse.\n";

enum strategy { NONE, ORDER, STALL, ONCE, FACTS };

static enum strategy strategy;

_Noreturn static void misuse(const char *what)
{
    fprintf(stderr, "racelab: rl-loop: %s\n", what);
    exit(70);
}

static bool read_all(int fd, struct text *t)
{
    struct stat st;
    ssize_t n = 0;

    free(t->bytes);
    t->bytes = NULL;
    t->length = 0;
    if (fstat(fd, &st) || !(t->bytes = malloc((size_t)st.st_size + 1)))
        return false;
    while (t->length < (size_t)st.st_size &&
           (n = pread(fd, t->bytes + t->length, (size_t)st.st_size - t->length,
                      (off_t)t->length)) > 0)
        t->length += (size_t)n;
    t->bytes[t->length] = '\0';
    return n >= 0;
}

void tool_print(json_t *line)
{
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

_Noreturn void tool_end(struct tool *t, const char *status, const char *basis,
                        const char *reason)
{
    int code = strcmp(status, "clean") == 0    ? 0
               : strcmp(status, "found") == 0  ? 1
               : strcmp(status, "broken") == 0 ? 3
                                               : 4;

    box_close(t->o.box);
    finding_print_summary(stdout, t->judging.detector, status, t->runs, basis,
                          reason);
    exit(fflush(stdout) || ferror(stdout) ? 70 : code);
}

_Noreturn static void broken(struct tool *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

_Noreturn static void broken(struct tool *t, const char *format, ...)
{
    va_list args;
    char *reason = NULL;

    va_start(args, format);
    if (vasprintf(&reason, format, args) < 0)
        exit(70);
    va_end(args);
    tool_end(t, "broken", "it could not be run", reason);
}

static void tell_facts(struct tool *t, const struct story *s)
{
    box_close(t->o.box);
    tool_print(json_pack("{s:b,s:f,s:s?}", "loop", s->waits, "ms",
                         (double)s->end / 1e6, "lacks",
                         *s->unsupported ? s->unsupported : NULL));
    exit(fflush(stdout) ? 70 : 0);
}

json_t *tool_run(struct tool *t, const char *told, struct story *s)
{
    struct run_result result;
    char *choices = NULL;
    const char *env[2] = {NULL, NULL};
    json_t *findings;

    if (asprintf(&choices, LOOP_ENV "=%s", told) < 0)
        exit(70);
    env[0] = choices;
    t->o.env = env;
    if (run_once(&t->o, &result))
        broken(t, "rl-run: %s", result.problem);
    if (result.end == RUN_NOSTART)
        broken(t, "it does not start: %s", strerror(result.code));
    free(choices);
    if (!read_all(t->out.fd, &t->out.text) ||
        !read_all(t->err.fd, &t->err.text) ||
        !read_all(t->log.fd, &t->log.text))
        broken(t, "its output cannot be read: %s", strerror(errno));
    t->runs++;
    story_read(s, &t->log.text, t->symbols);
    findings = judge_run(&t->judging, &result, &t->out.text, &t->err.text);
    run_close(&t->o, &result);
    if (strategy == FACTS)
        tell_facts(t, s);
    if (*s->unsupported)
        tool_end(t, "no-answer", "not modelled in an event loop's time",
                 s->unsupported);
    return findings;
}

json_t *tool_error(json_t *findings)
{
    size_t i;
    json_t *f;

    json_array_foreach (findings, i, f) {
        const char *severity =
            json_string_value(json_object_get(f, "severity"));

        if (severity && strcmp(severity, "error") == 0)
            return f;
    }
    return NULL;
}

static void once(struct tool *t)
{
    struct story s;
    json_t *findings = tool_run(t, "s ", &s);
    bool bad = tool_error(findings);
    size_t i;
    json_t *f;

    json_array_foreach (findings, i, f)
        tool_print(json_incref(f));
    tool_end(t, bad ? "found" : "clean",
             bad ? "wrong in the usual order of its events"
                 : "right in the usual order of its events",
             NULL);
}

static double number(const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end || !(value >= 0) || value > 1e9)
        misuse("an option needs a number");
    return value;
}

static enum strategy strategy_of(const char *name)
{
    static const char *const names[] = {"order", "stall", "once", "facts"};

    for (int i = 0; i < 4; i++) {
        if (strcmp(names[i], name) == 0)
            return (enum strategy)(ORDER + i);
    }
    misuse("no such strategy");
}

static void expect(struct tool *t, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || !read_all(fd, &t->expected))
        misuse("no file with the right output");
    close(fd);
    t->judging.expected = &t->expected;
}

static void option(struct tool *t, int name)
{
    switch (name) {
    case 'd':
        t->judging.detector = optarg;
        break;
    case 'y':
        strategy = strategy_of(optarg);
        break;
    case 'n':
        t->drawn = (int)number(optarg);
        break;
    case 's':
        t->seed = (uint64_t)number(optarg);
        break;
    case 'x':
        expect(t, optarg);
        break;
    case 'i':
        t->o.input = optarg;
        break;
    case 'w':
        t->o.wall = number(optarg);
        t->judging.wall = optarg;
        break;
    case 'h':
        fputs(usage, stdout);
        exit(0);
    default:
        misuse("no such option, or no value for it");
    }
}

static void parse(struct tool *t, int argc, char **argv)
{
    static const struct option names[] = {
        {"detector", 1, NULL, 'd'},
        {"strategy", 1, NULL, 'y'},
        {"runs", 1, NULL, 'n'},
        {"seed", 1, NULL, 's'},
        {"expect-output", 1, NULL, 'x'},
        {"stdin", 1, NULL, 'i'},
        {"wall", 1, NULL, 'w'},
        {"help", 0, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int c;

    opterr = 0;
    while ((c = getopt_long(argc, argv, "+", names, NULL)) != -1)
        option(t, c);
    if (!t->judging.detector || strategy == NONE)
        misuse("--detector or --strategy is missing");
    if (optind == argc)
        misuse("which program?");
    t->o.program = argv + optind;
}

static void open_sink(struct sink *s)
{
    s->fd = memfd_create("output", MFD_CLOEXEC);
    if (s->fd < 0)
        exit(70);
    snprintf(s->path, sizeof s->path, "/proc/self/fd/%d", s->fd);
}

/* Our path of the program becomes its own in the box. */
static void open_box(struct tool *t)
{
    static char name[BOX_PATH];
    struct box_options o = {.nfiles = 1};
    char why[300];

    o.files[0] = (struct box_file){t->o.program[0], RUN_PROGRAM};
    t->o.box = box_open(&o, why, sizeof why);
    if (!t->o.box)
        broken(t, "no sandbox: %s", why);
    box_path(t->o.box, RUN_PROGRAM, name);
    t->o.program[0] = name;
}

int main(int argc, char **argv)
{
    struct tool t = {
        .o = {.wall = 20,
              .cpu = 10,
              .memory = 1024,
              .output = 4L << 20,
              .record_fd = -1},
        .judging = {.wall = "20", .cpu = "10"},
    };
    char error[512];

    parse(&t, argc, argv);
    open_sink(&t.out);
    open_sink(&t.err);
    open_sink(&t.log);
    t.o.out = t.out.path;
    t.o.err = t.err.path;
    t.o.findings = t.log.path;
    t.symbols = symbols_open(t.o.program[0], error, sizeof error);
    if (!t.symbols)
        broken(&t, "%s", error);
    open_box(&t);
    if (strategy == ORDER)
        order(&t);
    if (strategy == STALL)
        stalls(&t);
    once(&t);
}

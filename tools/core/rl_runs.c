/*
 * rl-runs: runs a program several times as rl-run does, and prints what the
 * runs show together as the lines of a detector: findings, then a summary.
 * tools/lib/runs.sh calls it for the detectors.
 */
#include "runs.h"

#include "finding.h"
#include "symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "merge.h"

static const char usage[] =
    "Usage: rl-runs --detector NAME [OPTION...] -- PROGRAM [ARGUMENT...]\n"
    "Runs PROGRAM several times and prints a detector's JSON Lines.\n"
    "  --runs N              so many runs (default 1)\n"
    "  --seed S              taken and not used: plain runs have none\n"
    "  --expect-output FILE  the right output\n"
    "  --stdin FILE, --wall S, --cpu S, --mem MIB    as for rl-run\n"
    "  --kinds \"K...\"        only these kinds of what a run shows\n"
    "  --outcomes            count the outcomes in the summary\n"
    "  --binary FILE         names come from it (default: PROGRAM)\n"
    "  --record              it is linked with librecord.a\n"
    "  --asks tsan|valgrind  PROGRAM tells findings of its own: our hook in\n"
    "                        ThreadSanitizer; Valgrind with --xml-fd=100\n"
    "  --plain FILE          the program linked with librecord.a, for what\n"
    "                        Valgrind cannot know\n"
    "  --broken REASON       run nothing, print a summary that says so\n"
    "Ends with 0 clean, 1 found, 3 broken, 4 no answer, 70 misuse.\n";

typedef json_t *ask_run(struct runs *r, int k, struct run_result *result);

static const char *broken; /* --broken */
static ask_run *asks;
static bool recorded;

_Noreturn static void misuse(const struct runs *r, const char *what,
                             const char *about)
{
    fprintf(stderr, "racelab: %s: %s%s\n",
            r->judging.detector ? r->judging.detector : "rl-runs", what, about);
    exit(70);
}

static double number(const struct runs *r, const char *text, const char *name)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end || !(value >= 0) || value > 1e9)
        misuse(r, name, " needs a number");
    return value;
}

static json_t *summary(const struct runs *r, const char *status, int runs,
                       const char *basis, const char *reason)
{
    json_t *line = json_pack("{s:s,s:o,s:s,s:i,s:s}", "type", "summary",
                             "detector", finding_cstring(r->judging.detector),
                             "status", status, "runs", runs, "basis", basis);

    if (reason)
        json_object_set_new(line, "reason", finding_cstring(reason));
    return line;
}

/* Takes the line. */
static void print(json_t *line)
{
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

_Noreturn static void leave(int code)
{
    exit(fflush(stdout) || ferror(stdout) ? 70 : code);
}

void runs_broken(struct runs *r, const char *format, ...)
{
    va_list args;
    char *reason = NULL;

    va_start(args, format);
    if (vasprintf(&reason, format, args) < 0)
        exit(70);
    va_end(args);
    box_close(r->o.box);
    print(summary(r, "broken", (int)json_array_size(r->judged),
                  "it could not be run", reason));
    leave(3);
}

void runs_no_answer(struct runs *r, int k, const char *basis,
                    const char *reason)
{
    box_close(r->o.box);
    print(summary(r, "no-answer", k, basis, reason));
    leave(4);
}

char *runs_said(const struct runs *r, const char *pattern)
{
    char *line = r->err.text.bytes;
    char *found = NULL;
    regex_t re;

    if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB))
        return NULL;
    while (line && *line && !found) {
        size_t length = strcspn(line, "\n");
        char *text = strndup(line, length);

        if (text && regexec(&re, text, 0, NULL, 0) == 0)
            found = text;
        else
            free(text);
        line += length + (line[length] == '\n');
    }
    regfree(&re);
    return found;
}

void runs_add(const struct runs *r, json_t *findings, json_t *finding)
{
    json_object_set_new(finding, "detector",
                        finding_cstring(r->judging.detector));
    json_array_append_new(findings, finding);
}

json_t *runs_noted(const json_t *finding, const char *severity,
                   const char *more)
{
    json_t *noted = json_copy((json_t *)finding);
    const char *message = json_string_value(json_object_get(noted, "message"));

    json_object_set_new(noted, "message",
                        json_sprintf("%s%s", message ? message : "", more));
    if (severity)
        json_object_set_new(noted, "severity", json_string(severity));
    return noted;
}

/* The whole of a file from its beginning, with a NUL after it. */
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

static void open_sink(struct sink *s)
{
    s->fd = memfd_create("output", MFD_CLOEXEC);
    if (s->fd < 0)
        exit(70);
    snprintf(s->path, sizeof s->path, "/proc/self/fd/%d", s->fd);
}

void runs_of(struct runs *r, struct run_options *o, struct run_result *result)
{
    if (run_once(o, result))
        runs_broken(r, "rl-run: %s", result->problem);
    if (result->end == RUN_NOSTART)
        runs_broken(r, "it does not start: %s", strerror(result->code));
}

void runs_one(struct runs *r, int k, struct run_result *result)
{
    const char *progress = getenv("RL_PROGRESS");

    if (progress && strcmp(progress, "1") == 0)
        fprintf(stderr, "%s: run %d of %d\r", r->judging.detector, k, r->count);
    runs_of(r, &r->o, result);
    if (!read_all(r->out.fd, &r->out.text) ||
        !read_all(r->err.fd, &r->err.text) ||
        !read_all(r->findings.fd, &r->findings.text))
        runs_broken(r, "its output cannot be read: %s", strerror(errno));
}

static json_t *ask_nobody(struct runs *r, int k, struct run_result *result)
{
    runs_one(r, k, result);
    return judge_run(&r->judging, result, &r->out.text, &r->err.text);
}

static void note_outcome(struct runs *r, const struct run_result *result)
{
    char words[32];

    if (r->outcomes)
        json_array_append_new(
            r->outcomes,
            json_pack("{s:s,s:o}", "end",
                      judge_end(result, words, sizeof words), "stdout",
                      judge_cut(r->out.text.bytes, r->out.text.length, 4000)));
}

/* Fewer than asked for, if three that nothing else is asked of ran into a
 * limit of time. */
static void run_all(struct runs *r)
{
    int slow = 0;

    for (int k = 1; k <= r->count && (slow < 3 || asks != ask_nobody); k++) {
        struct run_result result;

        json_array_append_new(r->judged, asks(r, k, &result));
        note_outcome(r, &result);
        slow += result.end == RUN_TIMEOUT || result.end == RUN_CPU;
        run_close(&r->o, &result);
    }
}

static int finish(struct runs *r)
{
    int n = (int)json_array_size(r->judged);
    int bad = merge_bad(r->judged);
    json_t *merged = merge_runs(r->judged);
    char basis[80];
    json_t *last;
    json_t *f;
    size_t i;

    snprintf(basis, sizeof basis, "%s in %d of %d run%s",
             bad ? "found" : "clean", bad ? bad : n, n, n == 1 ? "" : "s");
    json_array_foreach (merged, i, f)
        print(json_incref(f));
    json_decref(merged);
    last = summary(r, bad ? "found" : "clean", n, basis, NULL);
    if (r->outcomes)
        json_object_set_new(last, "outcomes", merge_outcomes(r->outcomes));
    if (r->cured)
        json_object_set_new(last, "reason", json_string(r->cured));
    print(last);
    return bad ? 1 : 0;
}

static void expect(struct runs *r, const char *path)
{
    static struct text right;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || !read_all(fd, &right))
        misuse(r, "no file ", path);
    close(fd);
    r->judging.expected = &right;
}

static void option(struct runs *r, int name)
{
    switch (name) {
    case 'd':
        r->judging.detector = optarg;
        break;
    case 'n':
        r->count = (int)number(r, optarg, "--runs");
        if (r->count < 1)
            misuse(r, "--runs needs a number", "");
        break;
    case 's':
        break;
    case 'x':
        expect(r, optarg);
        break;
    case 'i':
        r->o.input = optarg;
        break;
    case 'w':
        r->o.wall = number(r, optarg, "--wall");
        r->judging.wall = optarg;
        break;
    case 'c':
        r->o.cpu = number(r, optarg, "--cpu");
        r->judging.cpu = optarg;
        break;
    case 'm':
        r->o.memory = (long)number(r, optarg, "--mem");
        break;
    case 'k':
        r->judging.kinds = optarg;
        break;
    case 'o':
        r->outcomes = json_array();
        break;
    case 'b':
        r->binary = optarg;
        break;
    case 'r':
        recorded = true;
        break;
    case 'a':
        if (strcmp(optarg, "tsan") != 0 && strcmp(optarg, "valgrind") != 0)
            misuse(r, "nobody to ask: ", optarg);
        asks = *optarg == 't' ? asked_tsan : asked_valgrind;
        break;
    case 'p':
        r->plain = optarg;
        break;
    case 'B':
        broken = optarg;
        break;
    case 'h':
        fputs(usage, stdout);
        exit(0);
    default:
        misuse(r, "no such option, or no value for it", "");
    }
}

static void parse(struct runs *r, int argc, char **argv)
{
    static const struct option names[] = {
        {"detector", 1, NULL, 'd'}, {"runs", 1, NULL, 'n'},
        {"seed", 1, NULL, 's'},     {"expect-output", 1, NULL, 'x'},
        {"stdin", 1, NULL, 'i'},    {"wall", 1, NULL, 'w'},
        {"cpu", 1, NULL, 'c'},      {"mem", 1, NULL, 'm'},
        {"kinds", 1, NULL, 'k'},    {"outcomes", 0, NULL, 'o'},
        {"binary", 1, NULL, 'b'},   {"record", 0, NULL, 'r'},
        {"asks", 1, NULL, 'a'},     {"plain", 1, NULL, 'p'},
        {"broken", 1, NULL, 'B'},   {"help", 0, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int c;

    opterr = 0;
    while ((c = getopt_long(argc, argv, "+", names, NULL)) != -1)
        option(r, c);
    if (!r->judging.detector)
        misuse(r, "--detector is missing", "");
    if (!broken && optind == argc)
        misuse(r, "which program?", "");
    r->o.program = argv + optind;
    if (!r->binary)
        r->binary = argv[optind];
}

/* Our paths of the two programs become theirs in the box. */
static void open_box(struct runs *r)
{
    static char names[2][BOX_PATH];
    struct box_options o = {.nfiles = 0};
    const char *const ours[] = {r->binary, r->plain};
    const char *const theirs[] = {RUN_PROGRAM, RUNS_PLAIN};
    char why[300];

    for (size_t i = 0; i < 2; i++) {
        if (ours[i])
            o.files[o.nfiles++] = (struct box_file){ours[i], theirs[i]};
    }
    r->o.box = box_open(&o, why, sizeof why);
    if (!r->o.box)
        runs_broken(r, "no sandbox: %s", why);
    for (size_t i = 0; i < 2; i++)
        box_path(r->o.box, theirs[i], names[i]);
    for (char **word = r->o.program; *word; word++) {
        if (strcmp(*word, r->binary) == 0) {
            *word = names[0];
            r->arguments = word + 1;
            break;
        }
    }
    r->plain_inside = names[1];
}

/* The names, for the record and for a tool's reports. */
static void open_names(struct runs *r)
{
    char error[512];

    r->symbols = symbols_open(r->binary, error, sizeof error);
    if (!r->symbols && (recorded || asks == asked_tsan))
        runs_broken(r, "rl-run: %s", error);
    if (recorded)
        r->o.symbols = r->symbols;
}

int main(int argc, char **argv)
{
    struct runs r = {
        .o = {.wall = 20,
              .cpu = 10,
              .memory = 1024,
              .output = 4L << 20,
              .record_fd = -1},
        .judging = {.wall = "20", .cpu = "10"},
        .count = 1,
        .judged = json_array(),
    };
    int code;

    asks = ask_nobody;
    parse(&r, argc, argv);
    if (broken)
        runs_broken(&r, "%s", broken);
    open_sink(&r.out);
    open_sink(&r.err);
    open_sink(&r.findings);
    r.o.out = r.out.path;
    r.o.err = r.err.path;
    if (asks != ask_nobody)
        r.o.findings = r.findings.path;
    open_names(&r);
    open_box(&r);
    run_all(&r);
    code = finish(&r);
    box_close(r.o.box);
    symbols_close(r.symbols);
    leave(code);
}

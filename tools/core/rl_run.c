/*
 * rl-run: starts one program, watches it, holds it to limits, explains where
 * it hangs, ends all it started, and says what happened in one JSON object.
 */
#include "finding.h"
#include "lanes.h"
#include "run.h"
#include "symbols.h"

#include <dirent.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "Usage: rl-run [OPTION...] -- PROGRAM [ARGUMENT...]\n"
    "Runs PROGRAM and prints what became of it as one JSON object.\n"
    "  --wall S            wall time at most (default 20; 0: no limit)\n"
    "  --cpu S             CPU time at most (default 10; 0: no limit)\n"
    "  --mem MIB           resident memory at most (default 1024)\n"
    "  --output-limit N    bytes of stdout, and of stderr (default 4194304)\n"
    "  --error-limit N     bytes of stderr; more is no end, but thrown away\n"
    "  --stdin FILE        default: empty\n"
    "  --stdout FILE, --stderr FILE    default: thrown away\n"
    "  --findings FILE     what it writes to descriptor RL_FINDINGS_FD\n"
    "  --record BINARY     it is linked with librecord.a: explain its hangs\n"
    "                      with names from BINARY\n"
    "  --lanes FILE        what its threads did when, for rl-timeline (with\n"
    "                      --record)\n"
    "  --env NAME=VALUE    in an environment that is empty otherwise\n"
    "  --bind FILE=PATH    a file, and where the program finds it\n"
    "  --tree FOLDER=PATH  the files in a folder likewise\n"
    "  --folder PATH       a folder that the program may read\n"
    "  --address MIB       address space of a process\n"
    "  --scratch MIB       what it may write to files\n"
    "  --no-proc           do not look at /proc/PID/task: without a record,\n"
    "                      standing still is no end\n";

static struct box_options box;
static const char *lanes_file;

_Noreturn static void misuse(const char *what)
{
    fprintf(stderr, "rl-run: %s\n%s", what, usage);
    exit(2);
}

static double number(const char *text, const char *what)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end || !(value >= 0) || value > 1e9)
        misuse(what);
    return value;
}

static void add_env(struct run_options *o, size_t *n, const char *pair)
{
    if (!strchr(pair, '='))
        misuse("--env needs NAME=VALUE");
    o->env = reallocarray(o->env, *n + 2, sizeof *o->env);
    if (!o->env)
        exit(70);
    o->env[(*n)++] = pair;
    o->env[*n] = NULL;
}

static void add_file(const char *from, const char *to)
{
    if (box.nfiles == BOX_FILES)
        misuse("too many files");
    box.files[box.nfiles++] = (struct box_file){from, to};
}

/* FILE=/PATH cut in two; the second is returned. */
static char *cut_pair(char *pair)
{
    char *to = strrchr(pair, '=');

    if (!to || to[1] != '/')
        misuse("what it is called in the sandbox: =/PATH");
    *to = '\0';
    return to + 1;
}

static void add_bind(char *pair)
{
    const char *to = cut_pair(pair);

    add_file(pair, to);
}

/* The files right in a folder. */
static void add_tree(char *pair)
{
    const char *to = cut_pair(pair);
    struct dirent **names;
    int n = scandir(pair, &names, NULL, alphasort);

    if (n < 0)
        misuse("--tree needs a folder");
    for (int i = 0; i < n; i++) {
        char *from, *path;

        if (*names[i]->d_name == '.')
            continue;
        if (asprintf(&from, "%s/%s", pair, names[i]->d_name) < 0 ||
            asprintf(&path, "%s/%s", to, names[i]->d_name) < 0)
            exit(70);
        add_file(from, path);
    }
}

static void add_folder(const char *path)
{
    if (box.nfolders == BOX_FILES)
        misuse("too many folders");
    box.folders[box.nfolders++] = path;
}

static void parse(int argc, char **argv, struct run_options *o)
{
    static const struct option names[] = {
        {"wall", 1, NULL, 'w'},        {"cpu", 1, NULL, 'c'},
        {"mem", 1, NULL, 'm'},         {"output-limit", 1, NULL, 'l'},
        {"stdin", 1, NULL, 'i'},       {"stdout", 1, NULL, 'o'},
        {"stderr", 1, NULL, 'e'},      {"findings", 1, NULL, 'f'},
        {"record", 1, NULL, 'r'},      {"env", 1, NULL, 'v'},
        {"no-proc", 0, NULL, 'P'},     {"help", 0, NULL, 'h'},
        {"bind", 1, NULL, 'b'},        {"tree", 1, NULL, 't'},
        {"folder", 1, NULL, 'd'},      {"address", 1, NULL, 'a'},
        {"error-limit", 1, NULL, 'L'}, {"lanes", 1, NULL, 'T'},
        {"scratch", 1, NULL, 's'},     {NULL, 0, NULL, 0},
    };
    size_t n = 0;
    int c;

    while ((c = getopt_long(argc, argv, "+", names, NULL)) != -1) {
        switch (c) {
        case 'w':
            o->wall = number(optarg, "--wall needs seconds");
            break;
        case 'c':
            o->cpu = number(optarg, "--cpu needs seconds");
            break;
        case 'm':
            o->memory = (long)number(optarg, "--mem needs MiB");
            break;
        case 'l':
            o->output = (long)number(optarg, "--output-limit needs bytes");
            break;
        case 'L':
            o->errors = (long)number(optarg, "--error-limit needs bytes");
            break;
        case 'i':
            o->input = optarg;
            break;
        case 'o':
            o->out = optarg;
            break;
        case 'e':
            o->err = optarg;
            break;
        case 'f':
            o->findings = optarg;
            break;
        case 'r':
            o->binary = optarg;
            break;
        case 'v':
            add_env(o, &n, optarg);
            break;
        case 'b':
            add_bind(optarg);
            break;
        case 't':
            add_tree(optarg);
            break;
        case 'd':
            add_folder(optarg);
            break;
        case 'a':
            o->limits.address = (int64_t)number(optarg, "--address needs MiB");
            break;
        case 's':
            box.scratch = (int)number(optarg, "--scratch needs MiB");
            break;
        case 'T':
            lanes_file = optarg;
            add_env(o, &n, "RL_RECORD_TIMES=1");
            break;
        case 'P':
            o->no_proc = true;
            break;
        case 'h':
            fputs(usage, stdout);
            exit(0);
        default:
            misuse("no such option, or no value for it");
        }
    }
    if (optind == argc)
        misuse("which program?");
    if (lanes_file && !o->binary)
        misuse("--lanes needs --record");
    o->program = argv + optind;
}

/* A program that is not one of the system's is taken along. */
static void open_box(struct run_options *o)
{
    static char name[BOX_PATH];
    const char *program = o->program[0];
    bool own = strchr(program, '/') && strncmp(program, "/usr/", 5) != 0 &&
               access(program, R_OK) == 0;
    char why[300];

    if (own)
        add_file(program, RUN_PROGRAM);
    o->box = box_open(&box, why, sizeof why);
    if (!o->box) {
        fprintf(stderr, "rl-run: no sandbox: %s\n", why);
        exit(3);
    }
    if (own)
        o->program[0] = box_path(o->box, RUN_PROGRAM, name);
}

/* What rl-timeline draws. */
static void write_lanes(const struct run_options *o,
                        const struct run_result *result)
{
    json_t *events = lanes_events(o, result);

    if (json_dump_file(events, lanes_file,
                       JSON_COMPACT | JSON_REAL_PRECISION(12))) {
        fprintf(stderr, "rl-run: cannot write %s\n", lanes_file);
        exit(70);
    }
    json_decref(events);
}

static void open_symbols(struct run_options *o)
{
    char error[512];

    o->symbols = symbols_open(o->binary, error, sizeof error);
    if (!o->symbols) {
        fprintf(stderr, "rl-run: %s\n", error);
        exit(2);
    }
}

static void put(json_t *object, const char *key, json_t *value)
{
    if (!value || json_object_set_new(object, key, value))
        exit(70);
}

static json_t *signal_name(const struct run_result *result)
{
    char name[32];

    if (result->end != RUN_SIGNAL)
        return json_null();
    return json_string(run_signal_name(result->signal, name, sizeof name));
}

/* Whether the record can be relied on: all of it, or nothing, or it is there
 * but some thread, lock or nesting found no room in it. */
static const char *record_state(const struct record *r)
{
    if (!r)
        return "none";
    if (!atomic_load(&r->started))
        return "silent";
    if (atomic_load(&r->threads_lost) || atomic_load(&r->objects_lost) ||
        atomic_load(&r->edges_lost))
        return "partial";
    return "whole";
}

static void print_result(const struct run_options *o,
                         const struct run_result *result)
{
    const struct record *r = o->record;
    json_t *object = json_object();

    put(object, "end", json_string(run_end_name(result->end)));
    put(object, "code", json_integer(result->code));
    put(object, "signal", signal_name(result));
    if (result->end == RUN_NOSTART)
        put(object, "reason", finding_cstring(strerror(result->code)));
    put(object, "wall_ms", json_integer(result->wall_ms));
    put(object, "cpu_ms", json_integer(result->cpu_ms));
    put(object, "peak_threads",
        json_integer(r ? (json_int_t)atomic_load(&r->peak) : 0));
    put(object, "left_over", json_integer(result->left_over));
    put(object, "record", json_string(record_state(r)));
    put(object, "looked_at",
        json_string(result->by_record ? "record" : "proc"));
    put(object, "findings", json_incref(result->findings));
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

int main(int argc, char **argv)
{
    struct run_options o = {
        .wall = 20,
        .cpu = 10,
        .memory = 1024,
        .output = 4L << 20,
        .record_fd = -1,
    };
    struct run_result result;

    parse(argc, argv, &o);
    if (o.binary)
        open_symbols(&o);
    open_box(&o);
    if (run_once(&o, &result)) {
        fprintf(stderr, "rl-run: %s\n", result.problem);
        return 70;
    }
    print_result(&o, &result);
    if (lanes_file)
        write_lanes(&o, &result);
    box_close(o.box);
    run_close(&o, &result);
    symbols_close(o.symbols);
    free(o.env);
    return ferror(stdout) || fflush(stdout) ? 70 : 0;
}

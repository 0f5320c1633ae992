/*
 * rl-run: starts one program, watches it, holds it to limits, explains where
 * it hangs, ends all it started, and says what happened in one JSON object.
 */
#include "finding.h"
#include "run.h"
#include "symbols.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: rl-run [OPTION...] -- PROGRAM [ARGUMENT...]\n"
    "Runs PROGRAM and prints what became of it as one JSON object.\n"
    "  --wall S            wall time at most (default 20; 0: no limit)\n"
    "  --cpu S             CPU time at most (default 10; 0: no limit)\n"
    "  --mem MIB           resident memory at most (default 1024)\n"
    "  --output-limit N    bytes of stdout, and of stderr (default 4194304)\n"
    "  --stdin FILE        default: empty\n"
    "  --stdout FILE, --stderr FILE    default: thrown away\n"
    "  --findings FILE     what it writes to descriptor RL_FINDINGS_FD\n"
    "  --record BINARY     it is linked with librecord.a: explain its hangs\n"
    "                      with names from BINARY\n"
    "  --env NAME=VALUE    in an environment that is empty otherwise\n"
    "  --no-proc           do not look at /proc/PID/task (for tests)\n";

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

static void parse(int argc, char **argv, struct run_options *o)
{
    static const struct option names[] = {
        {"wall", 1, NULL, 'w'},    {"cpu", 1, NULL, 'c'},
        {"mem", 1, NULL, 'm'},     {"output-limit", 1, NULL, 'l'},
        {"stdin", 1, NULL, 'i'},   {"stdout", 1, NULL, 'o'},
        {"stderr", 1, NULL, 'e'},  {"findings", 1, NULL, 'f'},
        {"record", 1, NULL, 'r'},  {"env", 1, NULL, 'v'},
        {"no-proc", 0, NULL, 'P'}, {"help", 0, NULL, 'h'},
        {NULL, 0, NULL, 0},
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
    o->program = argv + optind;
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
    if (run_once(&o, &result)) {
        fprintf(stderr, "rl-run: %s\n", result.problem);
        return 70;
    }
    print_result(&o, &result);
    run_close(&o, &result);
    symbols_close(o.symbols);
    free(o.env);
    return ferror(stdout) || fflush(stdout) ? 70 : 0;
}

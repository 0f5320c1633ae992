/*
 * rl-explore: runs a program, built in the explore flavour, under schedules
 * of a strategy, and prints findings as JSON Lines and a summary. Options,
 * and what is printed from what; the work is in the other files.
 */
#include "blind.h"
#include "prove.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_JOBS = 16 };

struct options {
    const char *work;
    const char *binary, *stdin_file, *output_file, *detector;
    struct plan plan;
    int expect_exit, cpu, wall;
    bool facts, prove, unordered, no_work;
    int seconds, jobs;
    char **args;
};

static const char usage[] =
    "usage: rl-explore BINARY [option...] [-- ARG...]\n"
    "  --prove               all interleavings that differ\n"
    "  --seconds S           stop a proof after this time\n"
    "  --jobs N              runs at once, for a proof (1)\n"
    "  --unordered-output    the order of lines of different threads is "
    "free\n"
    "  --strategy NAME       order (one run, creators first), nopreempt,\n"
    "                        holdone, delay, random, pct\n"
    "  --schedules N         runs of a random strategy (100)\n"
    "  --seed S              where its random numbers start (1)\n"
    "  --depth D             of pct (3)\n"
    "  --steps N             most points of one run (100000, proof 4000)\n"
    "  --expect-output FILE  what every run is to print\n"
    "  --expect-exit N       and its exit code (0)\n"
    "  --stdin FILE          standard input, the same for every run\n"
    "  --detector NAME       what the findings are signed with\n"
    "  --cpu N               run on this processor\n"
    "  --wall S              outer limit of one run, in seconds (60)\n"
    "  --facts               print one object about the creators-first run\n"
    "  --work FUNCTION       with --facts: can two threads be in it at once?\n"
    "  --trace               every run, step by step, on stderr\n";

static long number(const char *text, long low, long high)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(text, &end, 10);
    if (errno || *end || end == text || n < low || n > high) {
        fprintf(stderr, "rl-explore: not a number in range: %s\n", text);
        exit(2);
    }
    return n;
}

static const struct option long_options[] = {
    {"strategy", required_argument, NULL, 's'},
    {"schedules", required_argument, NULL, 'n'},
    {"seed", required_argument, NULL, 'r'},
    {"depth", required_argument, NULL, 'd'},
    {"steps", required_argument, NULL, 'm'},
    {"expect-output", required_argument, NULL, 'o'},
    {"expect-exit", required_argument, NULL, 'x'},
    {"stdin", required_argument, NULL, 'i'},
    {"detector", required_argument, NULL, 'D'},
    {"cpu", required_argument, NULL, 'c'},
    {"wall", required_argument, NULL, 'w'},
    {"format", required_argument, NULL, 'f'},
    {"facts", no_argument, NULL, 'F'},
    {"prove", no_argument, NULL, 'P'},
    {"seconds", required_argument, NULL, 'S'},
    {"jobs", required_argument, NULL, 'j'},
    {"unordered-output", no_argument, NULL, 'u'},
    {"work", required_argument, NULL, 'W'},
    {"trace", no_argument, NULL, 'T'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static void take_option(struct options *o, int c)
{
    switch (c) {
    case 's':
        o->plan.strategy = optarg;
        break;
    case 'n':
        o->plan.schedules = (int)number(optarg, 1, 100000000);
        break;
    case 'r':
        o->plan.seed = (uint64_t)number(optarg, 0, 1000000000);
        break;
    case 'd':
        o->plan.depth = (int)number(optarg, 1, 16);
        break;
    case 'm':
        o->plan.max_steps = (uint32_t)number(optarg, 1, RX_MAX_STEPS);
        break;
    case 'o':
        o->output_file = optarg;
        break;
    case 'x':
        o->expect_exit = (int)number(optarg, 0, 255);
        break;
    case 'i':
        o->stdin_file = optarg;
        break;
    case 'D':
        o->detector = optarg;
        break;
    case 'c':
        o->cpu = (int)number(optarg, 0, 4095);
        break;
    case 'w':
        o->wall = (int)number(optarg, 1, 86400);
        break;
    case 'f':
        if (strcmp(optarg, "lines")) {
            fprintf(stderr, "rl-explore: no such format: %s\n", optarg);
            exit(2);
        }
        break;
    case 'P':
        o->prove = true;
        break;
    case 'S':
        o->seconds = (int)number(optarg, 1, 86400);
        break;
    case 'j':
        o->jobs = (int)number(optarg, 1, MOST_JOBS);
        break;
    case 'u':
        o->unordered = true;
        break;
    case 'W':
        o->work = optarg;
        break;
    case 'T':
        o->plan.trace = true;
        break;
    case 'F':
        o->facts = true;
        break;
    case 'h':
        fputs(usage, stdout);
        exit(0);
    default:
        fputs(usage, stderr);
        exit(2);
    }
}

static void parse(struct options *o, int argc, char **argv)
{
    static const char *const known[] = {
        "order", "nopreempt", "holdone", "delay", "random", "pct", NULL};
    int split = 1, c;

    /* Ours end at "--"; getopt would look for options among the program's. */
    while (split < argc && strcmp(argv[split], "--"))
        split++;
    o->args = split < argc ? argv + split + 1 : argv + argc;
    while ((c = getopt_long(split, argv, "", long_options, NULL)) != -1)
        take_option(o, c);
    if (split - optind != 1) {
        fputs(usage, stderr);
        exit(2);
    }
    o->binary = argv[optind];
    for (int i = 0; known[i]; i++)
        if (!strcmp(known[i], o->plan.strategy))
            return;
    fprintf(stderr, "rl-explore: no such strategy: %s\n", o->plan.strategy);
    exit(2);
}

static void read_expected(const char *file, struct expect *x)
{
    FILE *f = fopen(file, "r");
    FILE *to = open_memstream(&x->output, &x->length);
    int c;

    if (!f || !to) {
        fprintf(stderr, "rl-explore: %s: %s\n", file, strerror(errno));
        exit(2);
    }
    while ((c = getc(f)) != EOF)
        putc(c, to);
    fclose(f);
    fclose(to);
}

static int more_often_first(const void *a, const void *b)
{
    const struct outcome *x = a, *y = b;

    if (x->count != y->count)
        return y->count - x->count;
    return strcmp(x->out, y->out);
}

static json_t *outcomes_json(struct report *r)
{
    json_t *list = json_array();

    qsort(r->outcomes, r->noutcomes, sizeof *r->outcomes, more_often_first);
    for (size_t i = 0; i < r->noutcomes; i++)
        json_array_append_new(
            list, json_pack("{s:i, s:s, s:o}", "count", r->outcomes[i].count,
                            "end", r->outcomes[i].end, "stdout",
                            finding_string(r->outcomes[i].out,
                                           r->outcomes[i].length)));
    return list;
}

static int print_summary(const struct options *o, struct report *r, bool error)
{
    const char *status = error           ? "found"
                         : r->unanswered ? "no-answer"
                                         : "clean";
    json_t *line = json_pack("{s:s, s:s, s:s, s:i, s:s}", "type", "summary",
                             "detector", o->detector, "status", status, "runs",
                             r->runs, "basis", r->basis);

    if (r->unanswered)
        json_object_set_new(line, "reason", json_string(r->reason));
    json_object_set_new(line, "outcomes", outcomes_json(r));
    json_dumpf(line, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(line);
    return error ? 1 : r->unanswered ? 4 : 0;
}

static int print_facts(const struct options *o, const struct report *r)
{
    json_t *facts = json_pack("{s:i, s:i, s:i}", "max_alive", (int)r->max_alive,
                              "max_workers", (int)r->max_alive - 1,
                              "max_at_work", (int)r->at_work);

    if (r->unanswered)
        json_object_set_new(facts, "reason", json_string(r->reason));
    else if (o->no_work)
        json_object_set_new(facts, "reason",
                            json_sprintf("the program has no function %s",
                                         o->work));
    json_dumpf(facts, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(facts);
    return r->unanswered || o->no_work ? 4 : 0;
}

/* One server for each processor: both wait for each other by turns. */
static unsigned start_servers(const struct options *o, struct server **servers)
{
    unsigned want = o->prove ? (unsigned)o->jobs : 1;
    int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);

    for (unsigned i = 0; i < want; i++) {
        struct server_options so = {.binary = o->binary,
                                    .args = o->args,
                                    .stdin_file = o->stdin_file,
                                    .cpu = (o->cpu + (int)i) % cpus,
                                    .wall_s = o->wall};

        servers[i] = server_start(&so);
        if (!servers[i])
            return i;
    }
    return want;
}

/* The addresses of the function named with --work. */
static void find_work(struct options *o, struct names *n)
{
    if (!o->work || names_function(n, o->work, &o->plan.work_low,
                                   &o->plan.work_high))
        return;
    o->no_work = true;
}

static bool run_all(const struct options *o, struct judge *j,
                    struct server **servers, unsigned n, struct report *r)
{
    struct prove_options po = {.servers = servers,
                               .nservers = n,
                               .schedules = o->plan.schedules,
                               .seconds = o->seconds,
                               .unordered_output = o->unordered,
                               .progress = isatty(2),
                               .binary = o->binary};

    if (!blind_names_ok(o->binary, r))
        return true;
    if (!o->prove)
        return plan_run(&o->plan, j, r);
    return prove_run(&o->plan, &po, j, r);
}

static int explore(struct options *o, const struct expect *x)
{
    struct server *servers[MOST_JOBS] = {0};
    struct judge j = {.expect = x, .detector = o->detector};
    struct report r = {0};
    unsigned n = start_servers(o, servers);
    int code = 3;

    if (!n)
        return 3;
    j.server = servers[0];
    j.names = names_open(o->binary, j.server);
    j.bag = bag_new();
    if (j.names)
        find_work(o, j.names);
    if (j.names && run_all(o, &j, servers, n, &r)) {
        if (o->facts) {
            code = print_facts(o, &r);
        } else {
            bag_print(j.bag, stdout, r.runs);
            code = print_summary(o, &r, bag_has_error(j.bag));
        }
    }
    report_free(&r);
    bag_free(j.bag);
    names_close(j.names);
    for (unsigned i = 0; i < n; i++)
        server_stop(servers[i]);
    return code;
}

int main(int argc, char **argv)
{
    struct options o = {
        .detector = "explore",
        .cpu = -1,
        .wall = 60,
        .jobs = 1,
        .plan = {.strategy = "nopreempt", .seed = 1},
    };
    struct expect x = {0};
    int code;

    parse(&o, argc, argv);
    if (o.facts)
        o.plan.strategy = "order";
    if (o.cpu < 0)
        o.cpu = sched_getcpu();
    if (!o.plan.max_steps)
        o.plan.max_steps = o.prove ? 4000 : 100000;
    if (o.prove)
        o.plan.budget = (struct rl_budget){1, 1, 1, o.unordered};
    x.exit_code = o.expect_exit;
    if (o.output_file)
        read_expected(o.output_file, &x);
    code = explore(&o, &x);
    free(x.output);
    if (fflush(stdout) || ferror(stdout))
        return 70;
    return code;
}

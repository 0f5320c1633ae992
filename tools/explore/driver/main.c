/*
 * rl-explore: runs a program, built in the explore flavour, under schedules
 * of a strategy, and prints findings as JSON Lines and a summary. Options,
 * and what is printed from what; the work is in the other files.
 */
#include "blind.h"
#include "prove.h"
#include "replay.h"
#include "result.h"
#include "token.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_JOBS = 16, SMALL_PROOF = 3000 };

struct options {
    const char *work;
    const char *binary, *stdin_file, *output_file, *detector;
    struct plan plan;
    int expect_exit, cpu, wall;
    const char *id, *replay, *sources;
    bool facts, prove, unordered, no_work, object, story;
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
    "  --strategy NAME       portfolio (2,000 schedules of all kinds), auto "
    "(a\n"
    "                        proof if it is small, else portfolio), order "
    "(one\n"
    "                        run, creators first), nopreempt, holdone, delay,\n"
    "                        random, pct, pos\n"
    "  --schedules N         runs of a random strategy (100)\n"
    "  --seed S              where its random numbers start (1)\n"
    "  --depth D             of pct (3)\n"
    "  --steps N             most points of one run (100000, proof 4000)\n"
    "  --expect-output FILE  what every run is to print\n"
    "  --expect-exit N       and its exit code (0)\n"
    "  --replay TOKEN        one interleaving again\n"
    "  --sources DIR         where the source lines of an interleaving are\n"
    "  --id TEXT             what a token is bound to, instead of the binary\n"
    "  --format F            lines, json, or with --replay: interleaving\n"
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
    {"id", required_argument, NULL, 'I'},
    {"replay", required_argument, NULL, 'R'},
    {"sources", required_argument, NULL, 'C'},
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
        o->object = !strcmp(optarg, "json");
        o->story = !strcmp(optarg, "interleaving");
        if (!o->object && !o->story && strcmp(optarg, "lines")) {
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
    case 'I':
        o->id = optarg;
        break;
    case 'R':
        o->replay = optarg;
        break;
    case 'C':
        o->sources = optarg;
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
        "portfolio", "auto",   "order", "nopreempt", "holdone",
        "delay",     "random", "pct",   "pos",       NULL};
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
    if (o->story && !o->replay) {
        fputs("rl-explore: --format interleaving needs --replay\n", stderr);
        exit(2);
    }
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

static void print_line(json_t *line)
{
    json_dumpf(line, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(line);
}

static int exit_code(const struct options *o, const struct report *r,
                     const struct bag *b)
{
    const char *verdict = result_verdict(r, b, o->prove);

    return !strcmp(verdict, "bug") ? 1 : strcmp(verdict, "clean") ? 4 : 0;
}

static int print_lines(const struct options *o, struct report *r,
                       const struct bag *b)
{
    static const char *const words[] = {"clean", "found", "", "", "no-answer"};
    int code = exit_code(o, r, b);
    json_t *line = json_pack("{s:s, s:s, s:s, s:i, s:s}", "type", "summary",
                             "detector", o->detector, "status", words[code],
                             "runs", r->runs, "basis", r->basis);

    bag_print(b, stdout, r->runs);
    if (r->reason[0])
        json_object_set_new(line, "reason", json_string(r->reason));
    json_object_set_new(line, "outcomes", result_outcomes(r, false));
    print_line(line);
    return code;
}

static int print_facts(const struct options *o, const struct report *r)
{
    json_t *facts = json_pack("{s:i, s:i, s:i}", "max_alive", (int)r->max_alive,
                              "max_workers", (int)r->max_alive - 1,
                              "max_at_work", (int)r->at_work);

    if (r->unanswered)
        json_object_set_new(facts, "reason", json_string(r->reason));
    else if (o->no_work)
        json_object_set_new(
            facts, "reason",
            json_sprintf("the program has no function %s", o->work));
    print_line(facts);
    return r->unanswered || o->no_work ? 4 : 0;
}

static int print(const struct options *o, struct report *r, const struct bag *b)
{
    if (o->facts)
        return print_facts(o, r);
    if (o->story)
        return exit_code(o, r, b); /* printed already */
    if (!o->object)
        return print_lines(o, r, b);
    print_line(result_json(r, b, o->prove));
    return exit_code(o, r, b);
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
    if (!o->work ||
        names_function(n, o->work, &o->plan.work_low, &o->plan.work_high))
        return;
    o->no_work = true;
}

static struct plan proof_plan(const struct options *o)
{
    struct plan p = o->plan;

    p.budget = (struct rl_budget){1, 1, 1, o->unordered};
    if (!p.max_steps)
        p.max_steps = 4000;
    return p;
}

static struct plan sample_plan(const struct options *o)
{
    struct plan p = o->plan;

    if (!p.max_steps)
        p.max_steps = 100000;
    return p;
}

/* A proof if it is small; else many schedules of all strategies. */
static bool run_auto(const struct options *o, struct judge *j,
                     struct prove_options *po, struct report *r)
{
    struct plan proof = proof_plan(o), sample = sample_plan(o);
    char why[sizeof r->reason];

    po->schedules = SMALL_PROOF;
    po->small = true;
    if (!prove_run(&proof, po, j, r))
        return false;
    if (r->complete || bag_has_error(j->bag) ||
        !strncmp(r->reason, "unsupported", 11))
        return true;
    strcpy(why, r->reason);
    report_free(r);
    sample.strategy = "portfolio";
    if (!plan_run(&sample, j, r))
        return false;
    if (!r->reason[0])
        snprintf(r->reason, sizeof r->reason, "not a proof: %s", why);
    return true;
}

static bool run_all(struct options *o, struct judge *j, struct server **servers,
                    unsigned n, struct report *r)
{
    struct prove_options po = {.servers = servers,
                               .nservers = n,
                               .schedules = o->plan.schedules,
                               .seconds = o->seconds,
                               .unordered_output = o->unordered,
                               .progress = isatty(2),
                               .binary = o->binary};
    struct plan plan;

    if (!blind_names_ok(o->binary, r))
        return true;
    if (!strcmp(o->plan.strategy, "auto"))
        return run_auto(o, j, &po, r);
    plan = o->prove ? proof_plan(o) : sample_plan(o);
    if (o->replay)
        return replay_run(&plan, o->replay, o->story ? stdout : NULL, j, r);
    return o->prove ? prove_run(&plan, &po, j, r) : plan_run(&plan, j, r);
}

/* What a token is bound to. */
static uint32_t identity(const struct options *o)
{
    uint32_t id = token_begin();

    if (o->id)
        id = token_mix(id, o->id, strlen(o->id));
    else
        id = token_mix_file(id, o->binary);
    for (char **a = o->args; *a; a++)
        id = token_mix(id, *a, strlen(*a) + 1);
    return token_mix_file(id, o->stdin_file);
}

static int explore(struct options *o, const struct expect *x)
{
    struct server *servers[MOST_JOBS] = {0};
    struct judge j = {.expect = x, .detector = o->detector, .id = identity(o)};
    struct report r = {0};
    unsigned n = start_servers(o, servers);
    int code = 3;

    if (!n)
        return 3;
    j.server = servers[0];
    j.names = names_open(o->binary, j.server);
    j.bag = bag_new();
    if (j.names) {
        find_work(o, j.names);
        names_sources(j.names, o->sources);
    }
    if (j.names && run_all(o, &j, servers, n, &r))
        code = print(o, &r, j.bag);
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
        .plan = {.strategy = "portfolio", .seed = 1},
    };
    struct expect x = {0};
    int code;

    parse(&o, argc, argv);
    if (o.facts)
        o.plan.strategy = "order";
    if (o.cpu < 0)
        o.cpu = sched_getcpu();
    x.exit_code = o.expect_exit;
    if (o.output_file)
        read_expected(o.output_file, &x);
    code = explore(&o, &x);
    free(x.output);
    if (fflush(stdout) || ferror(stdout))
        return 70;
    return code;
}

/*
 * See options.h. What a program gets as its arguments begins after "--".
 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: rl-explore BINARY [option...] [-- ARG...]\n"
    "  --prove               all interleavings that differ\n"
    "  --seconds S           stop after this time\n"
    "  --jobs N              runs at once, for a proof (1)\n"
    "  --unordered-output    the order of lines of different threads is "
    "free\n"
    "  --strategy NAME       portfolio (2,000 schedules of all kinds), auto "
    "(a\n"
    "                        proof if it is small, else portfolio), order "
    "(one\n"
    "                        run, creators first), nopreempt, holdone, delay,\n"
    "                        random, pct, pos, delaybound\n"
    "  --schedules N         runs of a random strategy (100)\n"
    "  --seed S              where its random numbers start (1)\n"
    "  --depth D             of pct (3), or how many delays (2)\n"
    "  --steps N             most points of one run (100000, proof 4000)\n"
    "  --expect-output FILE  what every run is to print\n"
    "  --expect-exit N       and its exit code (0)\n"
    "  --same-output         more than one output is wrong\n"
    "  --replay TOKEN        one interleaving again\n"
    "  --gdb                 with --replay: in gdb, stopped at the finding\n"
    "  --sources DIR         where the source lines of an interleaving are\n"
    "  --id TEXT             what a token is bound to, instead of the binary\n"
    "  --format F            lines, json, or with --replay: interleaving\n"
    "  --stdin FILE          standard input, the same for every run\n"
    "  --detector NAME       what the findings are signed with\n"
    "  --cpu N               run on this processor\n"
    "  --wall S              outer limit of one run, in seconds (60)\n"
    "  --facts               print one object about the creators-first run\n"
    "  --work FUNCTION       with --facts: can two threads be in it at once?\n"
    "  --progress FD         say there how far it is, and what is left\n"
    "  --until-error         stop at the first run that is wrong\n"
    "  --stats               what it took, one object on stderr\n"
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
    {"same-output", no_argument, NULL, 'O'},
    {"gdb", no_argument, NULL, 'G'},
    {"progress", required_argument, NULL, 'p'},
    {"until-error", no_argument, NULL, 'U'},
    {"stats", no_argument, NULL, 'N'},
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
    case 'O':
        o->same = true;
        break;
    case 'G':
        o->gdb = true;
        break;
    case 'p':
        o->progress = (int)number(optarg, 0, 189);
        break;
    case 'U':
        o->plan.until_error = true;
        break;
    case 'N':
        o->stats = true;
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

void options_parse(struct options *o, int argc, char **argv)
{
    static const char *const known[] = {
        "portfolio", "auto", "order", "nopreempt",  "holdone", "delay",
        "random",    "pct",  "pos",   "delaybound", NULL};
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
    if (o->gdb && !o->replay) {
        fputs("rl-explore: --gdb needs --replay\n", stderr);
        exit(2);
    }
    for (int i = 0; known[i]; i++)
        if (!strcmp(known[i], o->plan.strategy))
            return;
    fprintf(stderr, "rl-explore: no such strategy: %s\n", o->plan.strategy);
    exit(2);
}

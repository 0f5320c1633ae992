/*
 * rl-explore: runs a program, built in the explore flavour, under schedules
 * of a strategy, and prints findings as JSON Lines and a summary, or
 * one object. Which of the other files does the work, and what is printed.
 */
#include "../../core/symbols.h"
#include "blind.h"
#include "cpus.h"
#include "limits.h"
#include "options.h"
#include "prove.h"
#include "replay.h"
#include "result.h"
#include "stats.h"
#include "token.h"
#include "varies.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SMALL_PROOF = 3000 };

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

static int print(const struct options *o, struct report *r, struct judge *j)
{
    const struct bag *b = j->bag;
    json_t *object;

    if (o->facts)
        return print_facts(o, r);
    if (o->story)
        return exit_code(o, r, b); /* printed already */
    if (!o->object)
        return print_lines(o, r, b);
    object = result_json(r, j, o->prove);
    if (!object)
        return 3;
    print_line(object);
    return exit_code(o, r, b);
}

/* One server is where we are: both wait for each other by turns. Several have
 * a processor each, and whoever judges what they did goes where there is room:
 * behind a run it would keep all others waiting. */
static unsigned start_servers(const struct options *o, struct server **servers)
{
    unsigned want = o->prove ? (unsigned)o->jobs : 1;
    static struct server_options all[MOST_JOBS];
    int cpu[MOST_JOBS];

    cpus_take(cpu, want);
    for (unsigned i = 0; i < want; i++) {
        struct server_options *so = &all[i];

        *so = (struct server_options){.binary = o->binary,
                                      .args = o->args,
                                      .stdin_file = o->stdin_file,
                                      .cpu = o->cpu < 0 ? cpu[i] : o->cpu,
                                      .apart = want > 1 && o->cpu < 0,
                                      .outside = o->gdb,
                                      .wall_s = o->wall};

        servers[i] = server_start(so);
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
                               .unordered_output = o->unordered,
                               .binary = o->binary};
    struct plan plan;

    if (!blind_names_ok(o->binary, r))
        return true;
    if (!strcmp(o->plan.strategy, "auto"))
        return run_auto(o, j, &po, r);
    plan = o->prove ? proof_plan(o) : sample_plan(o);
    if (o->replay)
        return replay_run(&plan, o->replay, o->story ? stdout : NULL, j, r);
    if (o->prove)
        return prove_run(&plan, &po, j, r);
    return plan_run(&plan, j, r);
}

/* Is it a search for all that can happen, or an experiment? */
static bool searches(const struct options *o)
{
    return !o->replay && (o->prove || !strcmp(o->plan.strategy, "auto") ||
                          !strcmp(o->plan.strategy, "portfolio"));
}

/* Whole numbers among the arguments, halved: " 2 5", or "". */
static void smaller(const struct options *o, char *text, size_t size)
{
    size_t n = 0;
    bool any = false;

    text[0] = 0;
    for (char **a = o->args; *a && n < size; a++) {
        char *end;
        long value = strtol(*a, &end, 10);

        if (!*end && end != *a && value > 1) {
            n += (size_t)snprintf(text + n, size - n, " %ld", value / 2);
            any = true;
        } else {
            n += (size_t)snprintf(text + n, size - n, " %s", *a);
        }
    }
    if (!any || n >= size)
        text[0] = 0;
}

/* What the user's own number of schedules leaves out; what to try instead of
 * a search that did not come to its end. */
static void say_what_is_left(const struct options *o, struct report *r)
{
    char less[120];
    size_t n;

    if (o->plan.schedules && !r->complete && !r->reason[0]) {
        r->cut = true;
        snprintf(r->reason, sizeof r->reason,
                 "budget: the number of schedules that was given");
    }
    if (strncmp(r->reason, "budget:", 7) &&
        strncmp(r->reason, "step-limit:", 11))
        return;
    smaller(o, less, sizeof less);
    n = strlen(r->reason);
    if (less[0])
        snprintf(r->reason + n, sizeof r->reason - n,
                 "; try smaller arguments, such as%s", less);
}

static void look_back(const struct options *o, struct report *r,
                      struct judge *j)
{
    if (!searches(o))
        return;
    say_what_is_left(o, r);
    if (!j->expect->output)
        varies_judge(r, j, o->same);
}

static int finish(const struct options *o, struct report *r, struct judge *j,
                  struct server *first)
{
    limits_end();
    j->server = first;
    names_use(j->names, first);
    look_back(o, r, j);
    return print(o, r, j);
}

/* Is the runtime in it? Else it is not a program that we built. */
static bool is_ours(const char *binary)
{
    char error[200];
    struct symbols *s = symbols_open(binary, error, sizeof error);
    uint64_t low, high;
    bool found = s && symbols_function(s, "rt_event", &low, &high);

    symbols_close(s);
    return found;
}

/* A program that ends before main is at fault itself. */
static int never_started(const struct options *o)
{
    const struct server_early *early = server_early();
    struct report r = {.runs = 1, .basis = "found in the first run"};
    struct judge j = {.bag = bag_new()};
    struct finding *f;
    int code = 3;

    if (early && !o->facts && !o->story && is_ours(o->binary)) {
        f = finding_new(early->kind, "error", o->detector);
        finding_message(f, "%s", early->words);
        bag_put(j.bag, f, 1, false);
        code = print(o, &r, &j);
    }
    bag_free(j.bag);
    return code;
}

static int explore(struct options *o, const struct expect *x)
{
    struct server *servers[MOST_JOBS] = {0};
    struct judge j = {
        .expect = x,
        .detector = o->detector,
        .id = token_identify(o->id, o->binary, o->args, o->stdin_file),
        .remarks = searches(o)};
    struct report r = {0};
    unsigned n = start_servers(o, servers);
    int code = 3;

    if (!n)
        return never_started(o);
    j.server = servers[0];
    j.names = names_open(o->binary, j.server);
    j.bag = bag_new();
    if (j.names) {
        find_work(o, j.names);
        names_sources(j.names, o->sources);
    }
    stats_begin();
    if (j.names && o->gdb) {
        struct plan plan = sample_plan(o);

        code = replay_gdb(&plan, o->replay, o->sources, &j);
    } else if (j.names && run_all(o, &j, servers, n, &r)) {
        if (o->stats)
            stats_print(servers, n, stderr);
        code = finish(o, &r, &j, servers[0]);
    } else if (j.names) {
        code = never_started(o); /* not even a second time */
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
        .progress = getenv("RL_PROGRESS") || isatty(2) ? 2 : -1,
        .plan = {.strategy = "portfolio", .seed = 1},
    };
    struct expect x = {0};
    int code;

    options_parse(&o, argc, argv);
    if (o.facts)
        o.plan.strategy = "order";
    x.exit_code = o.expect_exit;
    if (o.output_file)
        read_expected(o.output_file, &x);
    limits_begin(o.seconds, o.progress);
    code = explore(&o, &x);
    free(x.output);
    if (fflush(stdout) || ferror(stdout))
        return 70;
    return code;
}

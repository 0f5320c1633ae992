/*
 * See prove.h. One rule: `complete` is said only when the search has ended,
 * every run had a verdict, none had a race, and the memory model and the
 * compiler leave nothing out.
 */
#include "prove.h"

#include "../rt/hb.h"
#include "../search/search.h"
#include "blind.h"
#include "executor.h"
#include "steady.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A loop that can go on for any number of times: more runs of it help little,
 * and each is long. */
enum { AFTER_ERROR = 200, ENOUGH_CUT = 8 };

struct prover {
    const struct plan *plan;
    const struct prove_options *options;
    struct judge *judge;
    struct report *report;
    struct rl_search *search;
    bool failed, race, crashed;
    int since_error;
    uint64_t complete, cut; /* runs that ended; that were cut */
    struct timespec begin;
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
    (void)sig;
    interrupted = 1;
}

static double seconds_since(const struct timespec *t)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - t->tv_sec) +
           (double)(now.tv_nsec - t->tv_nsec) / 1e9;
}

/* What the proof rests on, as far as this run's steps need it. */
static void note_assumptions(struct prover *p, const struct rl_trace *t)
{
    const struct real_run *run = t->more;

    if (run->mallocs)
        p->report->assumes |= ASSUMES_MALLOC;
    if (p->options->unordered_output)
        p->report->assumes |= ASSUMES_UNORDERED;
    for (uint32_t i = 0; i < t->nevents; i++) {
        switch (t->events[i].step.op) {
        case RL_ATOMIC_LOAD:
        case RL_ATOMIC_STORE:
        case RL_ATOMIC_RMW:
        case RL_ATOMIC_CAS:
            p->report->assumes |= ASSUMES_SC;
            /* A pointer may be in it: what is freed comes back elsewhere. */
            if (run->frees)
                p->report->assumes |= ASSUMES_NO_REUSE;
            break;
        case RL_ATOMIC_CAS_WEAK:
            p->report->assumes |= ASSUMES_SC | ASSUMES_WEAK_CAS;
            if (run->frees)
                p->report->assumes |= ASSUMES_NO_REUSE;
            break;
        case RL_COND_WAIT:
        case RL_COND_TIMEDWAIT:
            p->report->assumes |= ASSUMES_SPURIOUS;
            break;
        default:
            break;
        }
        if (t->events[i].step.flags & RL_TIMED)
            p->report->assumes |= ASSUMES_EARLY;
    }
}

static void take(struct prover *p, const struct rl_trace *t)
{
    struct real_run *run = t->more;
    struct report *r = p->report;

    r->runs++;
    note_assumptions(p, t);
    if (t->end != RL_END_ASLEEP) {
        report_outcome(r, run->end, run->out, run->length, run->replay);
        run->replay = NULL;
    }
    bag_merge(p->judge->bag, run->findings, r->runs);
    if (t->error) {
        p->failed = true;
        r->wrong++;
    }
    p->complete += t->end == RL_END_DONE || t->end == RL_END_STUCK ||
                   t->end == RL_END_CRASHED;
    p->cut += t->end == RL_END_STEPS;
    p->race |= t->race;
    p->crashed |= t->end == RL_END_CRASHED;
    if (run->reason[0] && t->end != RL_END_STEPS && !r->unanswered++)
        snprintf(r->reason, sizeof r->reason, "%s", run->reason);
    if (p->failed)
        p->since_error++;
}

static void progress(struct prover *p)
{
    struct rl_search_stats s = rl_search_stats(p->search);

    fprintf(stderr, "\r%llu interleavings, about %.0f%% done ",
            (unsigned long long)s.complete, 100 * s.done);
}

/* After some runs the search has a guess of how far it is. */
static bool hopeless(const struct prover *p)
{
    return p->report->runs % 128 == 0 && p->report->runs >= 256 &&
           rl_search_stats(p->search).done * p->options->schedules <
               p->report->runs / 4.0;
}

static const char *budget_used_up(struct prover *p)
{
    const struct prove_options *o = p->options;

    if (p->cut >= ENOUGH_CUT)
        return "";
    if (interrupted)
        return "interrupted";
    if (o->schedules && p->report->runs >= o->schedules)
        return "the number of schedules that was given";
    if (o->small && hopeless(p))
        return "a small proof";
    if (o->seconds && seconds_since(&p->begin) >= o->seconds)
        return "the time that was given";
    return NULL;
}

static void say_costly(struct prover *p)
{
    enum rl_class class;
    uint64_t key, count;
    struct report *r = p->report;
    size_t n = strlen(r->reason);

    if (rl_search_costly(p->search, 0, &class, &key, &count))
        snprintf(r->reason + n, sizeof r->reason - n,
                 "; most orders come from %s; try smaller arguments",
                 names_key(p->judge->names, class, key));
}

static void explore(struct prover *p)
{
    const struct rl_trace *t;
    enum rl_search_state state;
    struct report *r = p->report;
    const char *stop = NULL;

    for (;;) {
        state = rl_search_next(p->search, &t);
        if (state != RL_SEARCH_RUN)
            break;
        take(p, t);
        if (p->options->progress && r->runs % 256 == 0)
            progress(p);
        if (p->failed && p->since_error > AFTER_ERROR)
            return;
        stop = budget_used_up(p);
        if (stop)
            break;
    }
    r->complete = state == RL_SEARCH_FINISHED;
    if (state == RL_SEARCH_FAILED && !r->unanswered++)
        snprintf(r->reason, sizeof r->reason, "the search failed");
    if (stop && *stop && !r->reason[0]) {
        snprintf(r->reason, sizeof r->reason, "budget: %s", stop);
        say_costly(p);
    }
}

enum { MOST_PARTS = 64 };

/* Updates that are weaker than seq_cst but nothing else are full barriers on
 * this machine: the assumption "sc" covers them. */
static void weak_memory(struct prover *p)
{
    struct server **servers = p->options->servers;
    struct hb_part part[MOST_PARTS];
    struct report *r = p->report;
    struct hb_gap gap;
    uint64_t base = server_shm(servers[0])->load_base;
    unsigned n = 0;

    for (; n < p->options->nservers && n < MOST_PARTS; n++)
        part[n] = (struct hb_part){server_share(servers[n]),
                                   server_shm(servers[n])->load_base};
    if (hb_weak_over(part, n, &gap) != HB_WEAK_BOUND)
        return;
    r->complete = false;
    if (r->reason[0])
        return;
    names_use(p->judge->names, servers[0]);
    snprintf(
        r->reason, sizeof r->reason,
        "weak-memory: %s at %s and %s at %s can show what no interleaving does",
        hb_op_name(gap.op),
        names_where(p->judge->names, base + (uintptr_t)gap.pc),
        hb_op_name(gap.before_op),
        names_where(p->judge->names, base + (uintptr_t)gap.before_pc));
}

static void uninstrumented(struct prover *p)
{
    struct report *r = p->report;
    bool met = false;

    for (unsigned i = 0; i < p->options->nservers; i++)
        met = met || hb_stacks_met(server_share(p->options->servers[i]));
    if (!blind_places_ok(p->options->binary, met, r->reason, sizeof r->reason))
        r->complete = false;
}

static void conclude(struct prover *p)
{
    struct report *r = p->report;

    r->interleavings = p->complete;
    if (p->cut && !r->reason[0])
        snprintf(r->reason, sizeof r->reason,
                 "step-limit: %llu of the runs did not end",
                 (unsigned long long)p->cut);
    if (p->cut || r->unanswered || p->race || p->crashed)
        r->complete = false;
    if (!p->failed)
        weak_memory(p);
    if (!p->failed && r->complete)
        uninstrumented(p);
    if (p->failed)
        snprintf(r->basis, sizeof r->basis, "wrong in %d of %d interleavings",
                 r->wrong, r->runs);
    else if (r->complete)
        snprintf(r->basis, sizeof r->basis, "all %llu interleavings are right",
                 (unsigned long long)p->complete);
    else
        snprintf(r->basis, sizeof r->basis,
                 "right in %llu interleavings, and there are more",
                 (unsigned long long)p->complete);
    if (!p->failed && !r->complete && !r->unanswered)
        r->unanswered = 1;
}

/* A search of a program that is not the same twice would go astray. */
static bool first_run_twice(struct prover *p)
{
    struct rx_job *job = &server_shm(p->judge->server)->job;
    bool differs = false;

    memset(job, 0, sizeof *job);
    strcpy(job->strategy, "search");
    job->max_steps = p->plan->max_steps;
    job->budget = p->plan->budget;
    if (!steady(p->judge, &differs))
        return false;
    p->failed = differs;
    if (differs)
        snprintf(p->report->basis, sizeof p->report->basis,
                 "the same schedule gave two different runs");
    return true;
}

bool prove_run(const struct plan *plan, const struct prove_options *o,
               struct judge *j, struct report *r)
{
    struct rl_search_options so = {
        .budget = plan->budget,
        .rules = {0, o->unordered_output},
        .max_steps = plan->max_steps,
    };
    struct prover p = {.plan = plan, .options = o, .judge = j, .report = r};
    struct real_executor *real = real_new(o->servers, o->nservers, j);
    struct rl_executor executor = real_executor(real);
    struct sigaction sa = {.sa_handler = on_interrupt};

    memset(r, 0, sizeof *r);
    clock_gettime(CLOCK_MONOTONIC, &p.begin);
    sigaction(SIGINT, &sa, NULL);
    if (!first_run_twice(&p))
        return false;
    if (p.failed) {
        real_free(real);
        return true;
    }
    p.search = rl_search_new(&executor, &so);
    if (!p.search)
        return false;
    explore(&p);
    conclude(&p);
    rl_search_free(p.search);
    real_free(real);
    return true;
}

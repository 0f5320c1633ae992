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
#include "limits.h"
#include "steady.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    bool again; /* a second time, with addresses that come back */
    bool open;  /* in it, not all ways in which they can */
    int since_error;
    uint64_t complete, cut; /* runs that ended; that were cut */
    char last_cut[200];     /* where a run was that was cut */
};

/* What the proof rests on, as far as this run's steps need it. */
static void note_assumptions(struct prover *p, const struct rl_trace *t)
{
    const struct real_run *run = t->more;

    if (run->mallocs)
        p->report->assumes |= ASSUMES_MALLOC;
    p->open |= run->reuse_open;
    if (run->reuse_matters)
        p->report->assumes |= ASSUMES_NO_REUSE;
    if (p->options->unordered_output)
        p->report->assumes |= ASSUMES_UNORDERED;
    for (uint32_t i = 0; i < t->nevents; i++) {
        switch (t->events[i].step.op) {
        case RL_ATOMIC_LOAD:
        case RL_ATOMIC_STORE:
        case RL_ATOMIC_RMW:
        case RL_ATOMIC_CAS:
            p->report->assumes |= ASSUMES_SC;
            break;
        case RL_ATOMIC_CAS_WEAK:
            p->report->assumes |= ASSUMES_SC | ASSUMES_WEAK_CAS;
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

static bool takes_lock(const struct rl_event *e)
{
    switch (e->step.op) {
    case RL_MUTEX_LOCK:
    case RL_RW_RDLOCK:
    case RL_RW_WRLOCK:
    case RL_SPIN_LOCK:
        return true;
    default:
        return false;
    }
}

/* "3 threads x 2": so many beside main, and each takes a lock so often. */
static void note_shape(struct report *r, const struct rl_trace *t)
{
    uint32_t locks[RL_THREADS] = {0}, workers = t->nthreads - 1, each;

    if (t->end != RL_END_DONE && t->end != RL_END_STUCK)
        return;
    for (uint32_t i = 0; i < t->nevents; i++)
        locks[t->events[i].thread] += takes_lock(&t->events[i]);
    each = locks[workers ? 1 : 0];
    for (uint32_t i = 1; i <= workers; i++)
        if (locks[i] != each)
            each = 0;
    if (!r->interleavings++) {
        r->workers = workers;
        r->sections = each;
    }
    if (r->workers != workers)
        r->workers = 0;
    if (r->sections != each)
        r->sections = 0;
}

static void take(struct prover *p, const struct rl_trace *t)
{
    struct real_run *run = t->more;
    struct report *r = p->report;

    r->runs++;
    note_assumptions(p, t);
    note_shape(r, t);
    if (t->end != RL_END_ASLEEP && (t->error || !p->again)) {
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
    if (t->end == RL_END_STEPS && !p->cut++)
        snprintf(p->last_cut, sizeof p->last_cut, "%.*s",
                 (int)sizeof p->last_cut - 1,
                 run->reason + strcspn(run->reason, " ") +
                     (run->reason[0] != 0));
    p->race |= t->race;
    p->crashed |= t->end == RL_END_CRASHED;
    if (run->reason[0] && t->end != RL_END_STEPS && !r->unanswered++)
        snprintf(r->reason, sizeof r->reason, "%s", run->reason);
    if (p->failed)
        p->since_error++;
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
    if (o->schedules && p->report->runs >= o->schedules)
        return "the number of schedules that was given";
    if (o->small && hopeless(p))
        return "more interleavings than a quick proof takes";
    return limits_reached();
}

static void say_costly(struct prover *p)
{
    enum rl_class class;
    uint64_t key, count;
    struct report *r = p->report;
    size_t n = strlen(r->reason);

    if (rl_search_costly(p->search, 0, &class, &key, &count))
        snprintf(r->reason + n, sizeof r->reason - n,
                 "; most orders come from %s",
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
        if (r->runs % 64 == 0)
            limits_progress(p->complete, "interleavings",
                            rl_search_stats(p->search).done);
        if (p->failed && (p->since_error > AFTER_ERROR || p->plan->until_error))
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

/* "all 90 interleavings of 3 threads x 2 are right" */
static void say_proved(struct report *r)
{
    char of[60] = "";

    if (r->workers > 1 && r->sections)
        snprintf(of, sizeof of, " of %u threads x %u", r->workers, r->sections);
    else if (r->workers > 1)
        snprintf(of, sizeof of, " of %u threads", r->workers);
    if (r->interleavings == 1)
        snprintf(r->basis, sizeof r->basis, "the only interleaving%s is right",
                 of);
    else
        snprintf(r->basis, sizeof r->basis,
                 "all %llu interleavings%s are right",
                 (unsigned long long)r->interleavings, of);
}

static void conclude(struct prover *p)
{
    struct report *r = p->report;

    r->interleavings = p->complete;
    if (p->cut && !r->reason[0])
        snprintf(r->reason, sizeof r->reason,
                 "step-limit: %llu of the runs did not end%s%s",
                 (unsigned long long)p->cut, p->last_cut[0] ? "; " : "",
                 p->last_cut);
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
        say_proved(r);
    else
        snprintf(r->basis, sizeof r->basis,
                 "right in %llu interleavings, and there are more",
                 (unsigned long long)p->complete);
    if (!p->failed && !r->complete && !r->unanswered)
        r->unanswered = 1;
}

/* What is freed comes back at another address in the first search, which
 * hides ABA; in this one the last that was freed comes back first. Where it
 * ends and nothing is found, and no other address could have come back, no more
 * needs to be taken for granted about addresses. */
static bool search_again(struct prover *p, struct real_executor *real,
                         const struct rl_search_options *so)
{
    struct rl_executor executor = real_executor(real);
    struct report *r = p->report, first = *r;

    real_reuse(real);
    p->again = true;
    rl_search_free(p->search);
    p->search = rl_search_new(&executor, so);
    if (!p->search)
        return false;
    explore(p);
    if (p->failed) {
        conclude(p);
        return true;
    }
    if (r->complete && !p->cut && !r->unanswered && !p->open)
        first.assumes &= ~(unsigned)ASSUMES_NO_REUSE;
    first.runs = r->runs;
    first.outcomes = r->outcomes;
    first.noutcomes = r->noutcomes;
    *r = first;
    return true;
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
    bool ok = true;

    memset(r, 0, sizeof *r);
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
    if (r->complete && !p.failed && (r->assumes & ASSUMES_NO_REUSE))
        ok = search_again(&p, real, &so);
    rl_search_free(p.search);
    real_free(real);
    return ok;
}

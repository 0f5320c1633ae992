/*
 * Recording runs first: what is shared between threads and how many points
 * each has. Then the strategy's own schedules.
 */
#include "plan.h"
#include "ends.h"
#include "limits.h"
#include "steady.h"
#include "token.h"
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_HOLDS = 4000,
    ENOUGH_AFTER_ERROR = 400,
    USUAL_RUNS = 100,
    PORTFOLIO_RUNS = 2000
};

struct work {
    const struct plan *plan;
    struct judge *judge;
    struct report *report;
    bool failed;   /* at least one run had an error */
    bool unsteady; /* not the same twice */
    int wrong;     /* how many had */
};

static struct rx_shm *shm(struct work *w)
{
    return server_shm(w->judge->server);
}

static void note_outcome(struct work *w)
{
    size_t length;
    const char *out = server_stdout(w->judge->server, &length);
    char end[40];

    ends_words(&shm(w)->result, end, sizeof end);
    report_outcome(w->report, end, out, length,
                   token_of(w->judge->server, w->judge->id));
}

static void unanswered(struct work *w)
{
    struct report *rep = w->report;

    if (!rep->unanswered++)
        ends_reason(&shm(w)->result, w->judge->names, rep->reason,
                    sizeof rep->reason);
}

static void set_job(struct work *w, const char *strategy, uint64_t seed)
{
    struct rx_job *job = &shm(w)->job;

    memset(job, 0, sizeof *job);
    snprintf(job->strategy, sizeof job->strategy, "%s", strategy);
    job->seed = seed;
    job->max_steps = w->plan->max_steps;
    job->budget = w->plan->budget;
}

static bool run(struct work *w, bool counts)
{
    if (!server_run(w->judge->server))
        return false;
    if (w->plan->trace) {
        const struct rx_job *job = &shm(w)->job;

        fprintf(stderr, "run %d: %s %d %d %d\n", w->report->runs + counts,
                job->strategy, (int)job->param[0], (int)job->param[1],
                (int)job->param[2]);
        trace_print(w->judge->server, w->judge->names, stderr);
    }
    if (!counts)
        return true;
    w->report->runs++;
    if (judge_run(w->judge)) {
        w->failed = true;
        w->wrong++;
    }
    if (!ends_verdict(&shm(w)->result))
        unanswered(w);
    note_outcome(w);
    return true;
}

/* Two runs without preemption, creators first and created first: they show
 * what threads share and what the program prints when nobody is cut off. */
static bool creators_first(struct work *w)
{
    bool differs = false;

    set_job(w, "nopreempt", 0);
    shm(w)->job.record = 1;
    if (!steady(w->judge, &differs) || !run(w, true))
        return false;
    w->unsteady = differs;
    w->failed = w->failed || differs;
    w->report->max_alive = shm(w)->result.max_alive;
    judge_reference(w->judge);
    if (!w->plan->work_high || w->report->unanswered)
        return true;
    set_job(w, "gather", 0);
    shm(w)->job.work_low = w->plan->work_low;
    shm(w)->job.work_high = w->plan->work_high;
    if (!run(w, false))
        return false;
    w->report->at_work = shm(w)->result.at_work;
    /* A creator that waits until the new thread has read its argument goes on
     * only now, while that one is at work. */
    if (shm(w)->result.max_alive > w->report->max_alive)
        w->report->max_alive = shm(w)->result.max_alive;
    return true;
}

static bool record(struct work *w)
{
    if (!creators_first(w))
        return false;
    if (w->report->unanswered)
        return true;
    set_job(w, "lastfirst", 0);
    shm(w)->job.record = 1;
    if (!run(w, true))
        return false;
    server_freeze(w->judge->server);
    return true;
}

static bool enough(struct work *w, int since)
{
    return w->failed && (since > ENOUGH_AFTER_ERROR || w->plan->until_error);
}

/* A budget that the user gave: what is left is not looked at. */
static bool cut(struct work *w)
{
    const char *why = limits_reached();

    if (!why)
        return false;
    w->report->cut = true;
    if (!w->report->reason[0])
        snprintf(w->report->reason, sizeof w->report->reason, "budget: %s",
                 why);
    return true;
}

static void hold_basis(struct work *w, int done, int total)
{
    char *to = w->report->basis;
    size_t size = sizeof w->report->basis;

    if (w->failed)
        snprintf(to, size, "wrong in %d of %d runs", w->wrong, w->report->runs);
    else if (done == total)
        snprintf(to, size, "right in all %d holds", total);
    else
        snprintf(to, size, "right in %d of %d holds", done, total);
}

/* Points of each thread in a run without preemption; their sum, or -1. */
static int count_points(struct work *w, const char *strategy, uint32_t *points)
{
    int total = 0;

    set_job(w, strategy, 0);
    shm(w)->job.plain = RX_PLAIN_SHARED;
    if (!run(w, false))
        return -1;
    for (unsigned t = 0; t < RL_THREADS; t++) {
        points[t] = shm(w)->result.thread[t].points;
        total += (int)points[t];
    }
    return total;
}

static bool hold(struct work *w, unsigned thread, uint32_t point, bool climb)
{
    set_job(w, "holdone", 0);
    shm(w)->job.plain = RX_PLAIN_SHARED;
    shm(w)->job.budget.early = 1;
    shm(w)->job.param[0] = thread;
    shm(w)->job.param[1] = point;
    shm(w)->job.param[2] = climb;
    return run(w, true);
}

/* Every hold of one round; beyond the most, every so-many-th. False when the
 * server died; stops early when enough went wrong. */
static bool hold_round(struct work *w, const uint32_t *points, int total,
                       bool climb, int *done)
{
    int n = 0, first = *done;

    for (unsigned t = 0; t < RL_THREADS; t++)
        for (uint32_t k = 1; k <= points[t]; k++, n++) {
            int64_t due = (int64_t)(n + 1) * MOST_HOLDS / total;

            if (total > MOST_HOLDS && due <= *done - first)
                continue;
            ++*done;
            if (!hold(w, t, k, climb))
                return false;
            if (enough(w, *done) || cut(w))
                return true;
        }
    return true;
}

/* Twice: with the creators first, and, where there is room for it, with the
 * created first, which finds what needs a thread that is quick before one
 * that is slow. */
static bool hold_all(struct work *w)
{
    uint32_t up[RL_THREADS], down[RL_THREADS];
    int first = count_points(w, "nopreempt", up), second, done = 0, total;

    if (first < 0)
        return false;
    second = count_points(w, "lastfirst", down);
    if (second < 0)
        return false;
    if (first + second > MOST_HOLDS)
        second = 0;
    total = first + second;
    w->report->points = total;
    if (!hold_round(w, up, first, false, &done))
        return false;
    if (second && !enough(w, done) && !w->report->cut &&
        !hold_round(w, down, second, true, &done))
        return false;
    hold_basis(w, done, total);
    return true;
}

/* The portfolio: what one of these misses, another finds. */
static const char *member(const char *strategy, int i, int64_t *depth)
{
    static const struct {
        const char *name;
        int depth;
    } members[] = {{"random", 0}, {"pct", 3},        {"pos", 0},
                   {"pct", 2},    {"delaybound", 2}, {"pct", 5}};
    int n = sizeof members / sizeof *members;

    if (strcmp(strategy, "portfolio"))
        return strategy;
    *depth = members[i / 2 % n].depth;
    return members[i / 2 % n].name;
}

static bool sample(struct work *w, const char *strategy)
{
    bool all = !strcmp(strategy, "portfolio");
    int n = w->plan->schedules ? w->plan->schedules
            : all              ? PORTFOLIO_RUNS
                               : USUAL_RUNS;
    uint32_t steps = shm(w)->result.npoints;

    for (int i = 0; i < n; i++) {
        int64_t depth = w->plan->depth;
        const char *name = member(strategy, i, &depth);

        set_job(w, name, w->plan->seed * 1000003 + (uint64_t)i);
        shm(w)->job.plain = RX_PLAIN_SHARED;
        shm(w)->job.param[0] = depth;
        shm(w)->job.param[1] = steps;
        /* In every other run main's end is a step like any other. */
        shm(w)->job.param[RX_EXIT_EARLY] = i & 1;
        /* In every fourth round of them addresses come back. */
        shm(w)->job.reuse = all && i / 12 % 4 == 3;
        shm(w)->job.budget.early = 1;
        if (!run(w, true))
            return false;
        limits_progress((uint64_t)i + 1, "schedules", (i + 1.0) / n);
        if (enough(w, i) || cut(w))
            return true;
    }
    return true;
}

bool plan_run(const struct plan *p, struct judge *j, struct report *r)
{
    struct work w = {.plan = p, .judge = j, .report = r};
    bool ok;

    memset(r, 0, sizeof *r);
    if (!strcmp(p->strategy, "order"))
        ok = creators_first(&w);
    else
        ok = record(&w);
    if (!ok)
        return false;
    if (r->unanswered || w.unsteady || !strcmp(p->strategy, "order") ||
        (w.failed && p->until_error))
        ok = true;
    else if (!strcmp(p->strategy, "holdone"))
        ok = hold_all(&w);
    else if (!strcmp(p->strategy, "nopreempt"))
        ok = true;
    else
        ok = sample(&w, p->strategy);
    if (w.unsteady)
        snprintf(r->basis, sizeof r->basis,
                 "the same schedule gave two different runs");
    else if (!r->basis[0] && w.failed)
        snprintf(r->basis, sizeof r->basis, "wrong in %d of %d runs", w.wrong,
                 r->runs);
    else if (!r->basis[0])
        snprintf(r->basis, sizeof r->basis, "clean in %d of %d runs",
                 r->runs - r->unanswered, r->runs);
    return ok;
}

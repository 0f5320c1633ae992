/*
 * A request of the search becomes a job; a finished run becomes a trace with
 * its findings. Runs are waited for in the order in which they were started,
 * so that nothing depends on which was quicker.
 */
#include "executor.h"
#include "ends.h"
#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SLOTS = 64 };

struct real_executor {
    struct server **servers;
    unsigned n;
    struct judge *judge;
    unsigned queue[MOST_SLOTS]; /* slots at work, first started first */
    unsigned waiting;
    bool reuse;
};

static void *or_die(void *p)
{
    if (!p)
        exit(70);
    return p;
}

struct real_executor *real_new(struct server **servers, unsigned n,
                               struct judge *judge)
{
    struct real_executor *r = or_die(calloc(1, sizeof *r));

    r->servers = servers;
    r->n = n < MOST_SLOTS ? n : MOST_SLOTS;
    r->judge = judge;
    return r;
}

void real_free(struct real_executor *r)
{
    free(r);
}

void real_reuse(struct real_executor *r)
{
    r->reuse = true;
}

static int on_start(void *self, unsigned slot, const struct rl_request *q)
{
    struct real_executor *r = self;
    struct rx_shm *shm = server_shm(r->servers[slot]);
    struct rx_job *job = &shm->job;

    if (q->nprefix > RX_MAX_STEPS)
        return -1;
    memset(job, 0, sizeof *job);
    strcpy(job->strategy, "search");
    job->max_steps = q->max_steps;
    job->record = 1;
    job->reuse = r->reuse;
    job->nprefix = q->nprefix;
    job->sleep_from = q->sleep_from;
    job->budget = q->budget;
    job->rules = q->rules;
    job->sleep = q->sleep;
    for (uint32_t i = 0; i < q->nprefix; i++)
        shm->prefix[i] =
            (struct rx_pick){q->prefix[i].thread, q->prefix[i].choice};
    r->queue[r->waiting++] = slot;
    return server_begin(r->servers[slot]) ? 0 : -1;
}

static enum rl_end end_of(const struct rx_result *r)
{
    switch (r->end) {
    case RX_END_EXIT:
        return RL_END_DONE;
    case RX_END_STANDSTILL:
        return RL_END_STUCK;
    case RX_END_ASLEEP:
        return RL_END_ASLEEP;
    case RX_END_STEPS:
        return RL_END_STEPS;
    case RX_END_DIVERGED:
        return RL_END_DIVERGED;
    case RX_END_ASSERT:
    case RX_END_CRASH:
    case RX_END_NONE:
        return RL_END_CRASHED;
    default:
        return RL_END_UNSUPPORTED;
    }
}

static void copy_events(const struct rx_shm *shm, struct rl_trace *trace)
{
    uint32_t n = shm->result.nevents;
    struct rl_event *events = or_die(calloc(n + 1, sizeof *events));

    for (uint32_t i = 0; i < n; i++) {
        const struct rx_event *e = &shm->event[i];

        events[i] = (struct rl_event){.step = e->step,
                                      .thread = e->thread,
                                      .choice = e->choice,
                                      .time_moved = e->time_moved,
                                      .round = e->round,
                                      .woke = e->woke};
    }
    trace->events = events;
    trace->nevents = n;
}

static uint64_t mix(uint64_t h, const void *p, size_t n)
{
    const unsigned char *b = p;

    while (n--)
        h = (h ^ *b++) * 1099511628211u;
    return h;
}

/* What the run showed, judged now, while the server still has it. */
static struct real_run *judge(struct real_executor *r, struct server *s,
                              struct rl_trace *trace)
{
    const struct rx_result *result = &server_shm(s)->result;
    struct real_run *run = or_die(calloc(1, sizeof *run));
    struct judge *j = r->judge;
    struct bag *before = j->bag;
    const char *out;

    run->findings = bag_new();
    out = server_stdout(s, &run->length);
    run->out = or_die(malloc(run->length + 1));
    memcpy(run->out, out, run->length + 1);
    run->replay = token_of(s, r->judge->id);
    run->mallocs = result->mallocs > 0;
    run->reuse_matters = result->frees && result->heap_atomics;
    run->reuse_open = result->reuse_open;
    j->server = s;
    names_use(j->names, s);
    j->bag = run->findings;
    ends_words(result, run->end, sizeof run->end);
    if (trace->end != RL_END_ASLEEP) {
        trace->error = judge_run(j);
        if (!j->has_outputs)
            judge_reference(j);
    }
    if (!ends_verdict(result))
        ends_reason(result, j->names, run->reason, sizeof run->reason);
    else if (result->blurred_pc)
        snprintf(run->reason, sizeof run->reason,
                 "step-limit: how often the loop at %s goes round, others can "
                 "tell by trying %s",
                 names_where(j->names, result->blurred_pc),
                 names_object(j->names, result->blurred));
    j->bag = before;
    for (uint32_t i = 0; i < result->nfindings; i++)
        trace->race |= result->finding[i].kind == RX_DATA_RACE;
    trace->outcome = mix(bag_hash(run->findings), run->end, strlen(run->end));
    trace->outcome = mix(trace->outcome, run->out, run->length);
    return run;
}

static int on_wait(void *self, struct rl_trace *trace)
{
    struct real_executor *r = self;
    unsigned slot = r->queue[0];
    struct server *s = r->servers[slot];
    const struct rl_world *w = server_world(s);

    if (!r->waiting || !server_end(s))
        return -1;
    memmove(r->queue, r->queue + 1, --r->waiting * sizeof *r->queue);
    memset(trace, 0, sizeof *trace);
    trace->end = end_of(&server_shm(s)->result);
    copy_events(server_shm(s), trace);
    trace->nthreads = w->nthreads;
    trace->live = w->live;
    for (unsigned t = 0; t < w->nthreads; t++)
        trace->last[t] = w->threads[t].pending;
    trace->more = judge(r, s, trace);
    return (int)slot;
}

static void on_release(void *self, struct rl_trace *trace)
{
    struct real_run *run = trace->more;

    (void)self;
    free((void *)(uintptr_t)trace->events);
    trace->events = NULL;
    if (!run)
        return;
    bag_free(run->findings);
    free(run->out);
    free(run->replay);
    free(run);
    trace->more = NULL;
}

struct rl_executor real_executor(struct real_executor *r)
{
    return (struct rl_executor){r, r->n, on_start, on_wait, on_release};
}

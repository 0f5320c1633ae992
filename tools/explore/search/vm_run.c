/*
 * The executor of small programs: one slot, runs at once. A data race is two
 * plain accesses in conflict that the full table of dependence leaves
 * unordered: exactly those that some interleaving puts next to each other.
 */
#include "vm.h"

#include <stdlib.h>
#include <string.h>

#define MOST_EVENTS 4096

struct clocked {
    struct rl_event event;
    uint16_t clock[VM_THREADS];
    uint16_t order;
};

struct vm_runner {
    struct vm vm;
    struct vm_state state;
    struct rl_world *world;
    struct clocked *events;
    uint32_t nevents;
    /* per thread: the clock it has now */
    uint16_t now[VM_THREADS][VM_THREADS];
    /* per variable and thread: 1 + events before its last access */
    uint16_t wrote[VM_OBJECTS][VM_THREADS], read[VM_OBJECTS][VM_THREADS];
    bool race, error;
    struct vm_set *findings;
    const struct rl_request *request;
};

static void on_access(void *self, unsigned t, unsigned variable, bool write)
{
    struct vm_runner *r = self;

    for (unsigned u = 0; u < VM_THREADS; u++) {
        uint16_t seen = r->now[t][u];

        if (u == t)
            continue;
        if (r->wrote[variable][u] > seen)
            r->race = true;
        if (write && r->read[variable][u] > seen)
            r->race = true;
    }
    if (write)
        r->wrote[variable][t] = (uint16_t)(r->now[t][t] + 1);
    else
        r->read[variable][t] = (uint16_t)(r->now[t][t] + 1);
}

struct vm_runner *vm_runner_new(const struct vm_program *program)
{
    struct vm_runner *r = calloc(1, sizeof *r);

    if (!r)
        abort();
    r->vm.program = program;
    r->vm.plain_steps = program->plain_steps;
    r->vm.access = on_access;
    r->vm.self = r;
    r->world = malloc(rl_world_bytes(vm_objects()));
    r->events = malloc(MOST_EVENTS * sizeof *r->events);
    if (!r->world || !r->events)
        abort();
    return r;
}

void vm_runner_free(struct vm_runner *r)
{
    free(r->world);
    free(r->events);
    free(r);
}

static int on_start(void *self, unsigned slot, const struct rl_request *q)
{
    (void)slot;
    ((struct vm_runner *)self)->request = q;
    return 0;
}

static void tick(struct vm_runner *r, const struct rl_event *e)
{
    struct clocked *c = &r->events[r->nevents++];
    const struct rl_rules all = {0, r->request->rules.unordered_output};
    unsigned t = e->thread;

    c->event = *e;
    memcpy(c->clock, r->now[t], sizeof c->clock);
    for (uint32_t k = r->nevents - 1; k-- > 0;) {
        const struct clocked *b = &r->events[k];

        if (c->clock[b->event.thread] >= b->order ||
            !rl_dependent(&all, &b->event, e))
            continue;
        for (unsigned u = 0; u < VM_THREADS; u++)
            if (c->clock[u] < b->clock[u])
                c->clock[u] = b->clock[u];
    }
    c->order = ++c->clock[t];
    if (e->time_moved) { /* all that was is before all that comes */
        memset(r->wrote, 0, sizeof r->wrote);
        memset(r->read, 0, sizeof r->read);
    }
    memcpy(r->now[t], c->clock, sizeof c->clock);
}

static void note(struct vm_runner *r, const struct rl_effect *e)
{
    for (unsigned i = 0; i < e->nfindings; i++) {
        uint64_t f = vm_finding(r->world, &e->findings[i]);

        if (!f)
            continue;
        r->error = true;
        if (r->findings)
            vm_set_add(r->findings, f);
    }
}

/* The event counts before the step, for the plain accesses that follow it. */
static void step(struct vm_runner *r, struct rl_move m, struct rl_sleep *sleep,
                 bool sleeping)
{
    struct rl_world *w = r->world;
    struct rl_effect effect;
    struct rl_event e;

    vm_look(&r->vm, &r->state, w, m.thread, m.choice);
    e = rl_foresee(w, m.thread, m.choice);
    if (sleeping)
        rl_sleep_step(w, &r->request->rules, &e, sleep);
    tick(r, &e);
    vm_apply(&r->vm, &r->state, w, m.thread, m.choice, &effect);
    note(r, &effect);
}

static enum rl_end run(struct vm_runner *r)
{
    const struct rl_request *q = r->request;
    struct rl_sleep sleep = q->sleep;
    struct rl_world *w = r->world;
    struct rl_move m = {0, 0};
    bool asleep;

    for (uint32_t i = 0;; i++) {
        if (i == q->max_steps || i == MOST_EVENTS)
            return RL_END_STEPS;
        if (i < q->nprefix) {
            m = q->prefix[i];
            if (!(rl_choices(w, m.thread) & RL_BIT(m.choice)))
                return RL_END_DIVERGED;
        } else if (!rl_continue(w, &sleep, m.thread, &m, &asleep)) {
            if (asleep)
                return RL_END_ASLEEP;
            return w->over || !w->live ? RL_END_DONE : RL_END_STUCK;
        }
        step(r, m, &sleep, i >= q->sleep_from);
    }
}

static int on_wait(void *self, struct rl_trace *trace)
{
    struct vm_runner *r = self;
    struct rl_event *events;

    rl_world_init(r->world, vm_objects(), r->request->budget);
    r->nevents = 0;
    r->race = r->error = false;
    memset(r->now, 0, sizeof r->now);
    memset(r->wrote, 0, sizeof r->wrote);
    memset(r->read, 0, sizeof r->read);
    vm_begin(&r->vm, &r->state, r->world);
    trace->end = run(r);
    events = malloc((r->nevents + 1) * sizeof *events);
    if (!events)
        abort();
    for (uint32_t i = 0; i < r->nevents; i++)
        events[i] = r->events[i].event;
    trace->events = events;
    trace->nevents = r->nevents;
    trace->nthreads = r->world->nthreads;
    trace->live = r->world->live;
    for (unsigned t = 0; t < r->world->nthreads; t++)
        trace->last[t] = r->world->threads[t].pending;
    trace->outcome = vm_outcome(r->vm.program, &r->state, r->world);
    trace->race = r->race;
    trace->error = r->error || r->race || trace->end == RL_END_STUCK;
    return 0;
}

static void on_release(void *self, struct rl_trace *trace)
{
    (void)self;
    free((void *)(uintptr_t)trace->events);
}

void vm_collect_findings(struct vm_runner *r, struct vm_set *findings)
{
    r->findings = findings;
}

struct rl_executor vm_executor(struct vm_runner *r)
{
    return (struct rl_executor){r, 1, on_start, on_wait, on_release};
}

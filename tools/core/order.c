/*
 * Lock orders that can deadlock: a cycle in the graph of nestings, made by
 * different threads, that could happen at one time. Not, if two of them hold
 * a common lock (a gate), share the contested lock for reading, or are
 * ordered by create and join.
 */
#include "reading.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST 4

struct order {
    struct reading v;
    const struct record_edge **edges;
    uint32_t n;
    const struct record_edge *path[LONGEST];
    uint32_t length;
    json_t *findings;
    uint64_t told[64][LONGEST]; /* sets of locks, sorted, that are reported */
    uint32_t ntold;
};

/* The earliest clock of each thread that comes after (from, clock) by create
 * and join alone. */
static bool comes_before(const struct reading *v, const struct record_edge *a,
                         const struct record_edge *b)
{
    uint32_t n = reading_threads(v);
    uint64_t *earliest = malloc(n * sizeof *earliest);
    bool changed = true;
    bool before;

    if (!earliest)
        return false;
    memset(earliest, 0xff, n * sizeof *earliest);
    earliest[a->thread] = a->clock;
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < n; i++) {
            const struct record_thread *t = &v->r->threads[i];

            if (t->create_clock && t->creator < n &&
                earliest[t->creator] <= t->create_clock &&
                t->create_clock < earliest[i]) {
                earliest[i] = t->create_clock;
                changed = true;
            }
            if (t->join_clock && t->joiner < n && earliest[i] != UINT64_MAX &&
                t->join_clock < earliest[t->joiner]) {
                earliest[t->joiner] = t->join_clock;
                changed = true;
            }
        }
    }
    before = earliest[b->thread] <= b->clock;
    free(earliest);
    return before;
}

static bool has_gate(const struct record_edge *e, uint64_t lock)
{
    if (e->from == lock && !e->from_shared)
        return true;
    for (uint32_t i = 0; i < e->ngates; i++) {
        if (e->gates[i] == lock)
            return true;
    }
    return false;
}

static bool gated(const struct record_edge *a, const struct record_edge *b)
{
    if (!a->from_shared && has_gate(b, a->from))
        return true;
    for (uint32_t i = 0; i < a->ngates; i++) {
        if (has_gate(b, a->gates[i]))
            return true;
    }
    return false;
}

/* Both nestings can be in progress at one time. */
static bool together(const struct order *o, const struct record_edge *a,
                     const struct record_edge *b)
{
    return a->thread != b->thread && !gated(a, b) &&
           !comes_before(&o->v, a, b) && !comes_before(&o->v, b, a);
}

static bool blocks(const struct record_edge *wants,
                   const struct record_edge *holds)
{
    return wants->to == holds->from &&
           !(wants->to_shared && holds->from_shared);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static bool first_time(struct order *o)
{
    uint64_t set[LONGEST] = {0};

    for (uint32_t i = 0; i < o->length; i++)
        set[i] = o->path[i]->from;
    qsort(set, LONGEST, sizeof *set, compare);
    for (uint32_t i = 0; i < o->ntold; i++) {
        if (memcmp(set, o->told[i], sizeof set) == 0)
            return false;
    }
    if (o->ntold == 64)
        return false;
    memcpy(o->told[o->ntold++], set, sizeof set);
    return true;
}

static void report(struct order *o)
{
    struct reading_call calls[LONGEST];
    struct finding *f;
    char text[4][NAME_SIZE];

    if (!first_time(o))
        return;
    f = finding_new("lock-order", "error", "run");
    for (uint32_t i = 0; i < o->length; i++) {
        const struct record_edge *e = o->path[i];
        const struct record_thread *t = &o->v.r->threads[e->thread];
        struct finding_thread *thread;

        finding_message_add(f, "%s%s holds %s and takes %s at %s",
                            i ? "; " : "",
                            i ? reading_who(&o->v, t, text[0])
                              : reading_first(&o->v, t, text[0]),
                            reading_name(&o->v, e->from, text[3]),
                            reading_name(&o->v, e->to, text[1]),
                            reading_at(&o->v, e->to_pc, e->to_via, text[2]));
        thread = reading_add(&o->v, f, t, "lock", e->to_pc, e->to);
        for (size_t k = 0; k < thread->nlocks; k++)
            free(thread->locks[k]);
        thread->nlocks = 0;
        finding_add_lock(thread, text[3]);
        for (uint32_t k = 0; k < e->ngates; k++) {
            if (e->gates[k] != e->from)
                finding_add_lock(thread,
                                 reading_name(&o->v, e->gates[k], text[1]));
        }
        calls[i] = (struct reading_call){e->to_pc, e->to_via};
        finding_add_cycle(f, (int)t->id);
    }
    reading_step_out(&o->v, f, o->length, calls);
    finding_message_add(f, ". At a bad moment each waits for the next.");
    reading_report(o->findings, f);
}

static void extend(struct order *o)
{
    const struct record_edge *last = o->path[o->length - 1];

    if (o->length > 1 && blocks(last, o->path[0])) {
        report(o);
        return;
    }
    if (o->length == LONGEST)
        return;
    for (uint32_t i = 0; i < o->n; i++) {
        const struct record_edge *e = o->edges[i];
        bool fits = blocks(last, e);

        for (uint32_t k = 0; fits && k < o->length; k++)
            fits = together(o, o->path[k], e);
        if (!fits)
            continue;
        o->path[o->length++] = e;
        extend(o);
        o->length--;
    }
}

static int by_clock(const void *a, const void *b)
{
    const struct record_edge *x = *(const struct record_edge *const *)a;
    const struct record_edge *y = *(const struct record_edge *const *)b;

    return x->clock < y->clock ? -1 : x->clock > y->clock;
}

void diagnose_order(const struct record *r, struct symbols *s, json_t *findings)
{
    struct order *o = calloc(1, sizeof *o);
    const struct record_edge **edges = calloc(RECORD_EDGES, sizeof *edges);

    if (o && edges && atomic_load(&r->started)) {
        o->v = (struct reading){r, s};
        o->edges = edges;
        o->findings = findings;
        for (uint32_t i = 0; i < RECORD_EDGES; i++) {
            const struct record_edge *e = &r->edges[i];

            if (atomic_load(&e->ready) == 2 &&
                e->thread < reading_threads(&o->v) && e->ngates <= RECORD_GATES)
                edges[o->n++] = e;
        }
        qsort(edges, o->n, sizeof *edges, by_clock);
        for (uint32_t i = 0; i < o->n; i++) {
            o->path[0] = edges[i];
            o->length = 1;
            extend(o);
        }
    }
    free(edges);
    free(o);
}

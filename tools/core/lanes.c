/*
 * Lanes from the record: each thread, or process, from its creation to its
 * end. The program could have written anything into its record, so that every
 * number is cut to the run.
 */
#include "lanes.h"
#include "finding.h"
#include "reading.h"

#include <stdio.h>
#include <stdlib.h>

struct lanes {
    struct reading v;
    uint64_t from, to;         /* the run */
    struct record_span *spans; /* whole ones, by slot and time */
    size_t nspans;
    json_t *events;
    /* The last name that was looked for. */
    uint64_t object;
    char name[NAME_SIZE];
};

static const char *state_of(uint32_t op)
{
    switch (op) {
    case RECORD_LOCK:
    case RECORD_RDLOCK:
    case RECORD_WRLOCK:
    case RECORD_SPIN:
        return "lock";
    case RECORD_WAIT:
    case RECORD_SEM:
    case RECORD_BARRIER:
        return "condition";
    case RECORD_JOIN:
        return "join";
    case RECORD_SLEEP:
        return "sleep";
    default:
        return "io";
    }
}

static uint64_t cut(uint64_t at, uint64_t from, uint64_t to)
{
    return at < from ? from : at > to ? to : at;
}

/* Milliseconds of the run. */
static json_t *time_json(const struct lanes *l, uint64_t at)
{
    return json_real((double)(cut(at, l->from, l->to) - l->from) / 1e6);
}

/* By slot, which no other lane has, whatever the record says. */
static json_t *lane_name(const struct lanes *l, uint32_t slot)
{
    const struct record_thread *t = reading_slot(&l->v, slot);
    const char *role = t ? reading_role(&l->v, t) : NULL;
    char name[NAME_SIZE];

    if (!t)
        return json_string("?");
    if (!slot)
        snprintf(name, sizeof name, "main");
    else if (t->pid != l->v.r->pid)
        snprintf(name, sizeof name, "%u process", slot);
    else
        snprintf(name, sizeof name, "%u %.100s", slot, role ? role : "thread");
    return finding_cstring(name);
}

static json_t *put(struct lanes *l, uint32_t slot, const char *state,
                   uint64_t begin)
{
    json_t *o = json_object();

    json_object_set_new(o, "lane", lane_name(l, slot));
    json_object_set_new(o, "state", json_string(state));
    json_object_set_new(o, "begin", time_json(l, begin));
    json_array_append_new(l->events, o);
    return o;
}

static json_t *put_state(struct lanes *l, uint32_t slot, const char *state,
                         uint64_t begin, uint64_t end)
{
    json_t *o;

    if (end <= begin)
        return NULL;
    o = put(l, slot, state, begin);
    json_object_set_new(o, "end", time_json(l, end));
    return o;
}

static void put_moment(struct lanes *l, uint32_t slot, const char *what,
                       uint64_t at, uint32_t by)
{
    json_t *o;

    if (!at)
        return;
    o = put(l, slot, what, at);
    if (by < reading_threads(&l->v) && by != slot)
        json_object_set_new(o, "by", lane_name(l, by));
}

static bool named(uint32_t op)
{
    return op != RECORD_JOIN && op != RECORD_IO && op != RECORD_SLEEP;
}

static void put_span(struct lanes *l, const struct record_span *s,
                     uint64_t begin, uint64_t end)
{
    json_t *o = put_state(l, s->slot, state_of(s->op), begin, end);

    if (!o || !named(s->op))
        return;
    if (s->object != l->object)
        reading_name(&l->v, s->object, l->name);
    l->object = s->object;
    json_object_set_new(o, "what", finding_cstring(l->name));
}

/* The call that a thread was in when the run ended. */
static struct record_span open_span(const struct lanes *l, uint32_t slot)
{
    const struct record_thread *t = reading_slot(&l->v, slot);

    return (struct record_span){.slot = slot,
                                .op = atomic_load(&t->now_op),
                                .object = t->now_object,
                                .begin = t->now_since,
                                .end = l->to};
}

static void put_lane(struct lanes *l, uint32_t slot, size_t *next)
{
    const struct record_thread *t = reading_slot(&l->v, slot);
    const struct record_span last = open_span(l, slot);
    const uint64_t begin = cut(t->begin_ns, l->from, l->to);
    const uint64_t end = t->end_ns ? cut(t->end_ns, begin, l->to) : l->to;
    uint64_t at = begin;

    put_moment(l, slot, "created", t->created_ns, t->creator);
    if (t->created_ns)
        put_state(l, slot, "ready", cut(t->created_ns, l->from, begin), begin);
    for (; *next < l->nspans && l->spans[*next].slot == slot; ++*next) {
        const struct record_span *s = &l->spans[*next];

        if (s->id != t->id || s->begin < at || s->end > end)
            continue;
        put_state(l, slot, "running", at, s->begin);
        put_span(l, s, s->begin, s->end);
        at = s->end;
    }
    if (last.op != RECORD_NONE && !t->end_ns && last.begin >= at) {
        put_state(l, slot, "running", at, cut(last.begin, at, end));
        put_span(l, &last, cut(last.begin, at, end), end);
        at = end;
    }
    put_state(l, slot, "running", at, end);
    put_moment(l, slot, "joined", t->joined_ns, t->joiner);
}

/* It was created, and the run ended before it ran. */
static void put_unborn(struct lanes *l, uint32_t slot)
{
    const struct record_thread *t = reading_slot(&l->v, slot);

    if (!t->created_ns || atomic_load(&t->state) == RECORD_FAILED)
        return;
    put_moment(l, slot, "created", t->created_ns, t->creator);
    put_state(l, slot, "ready", cut(t->created_ns, l->from, l->to), l->to);
}

static int by_slot_and_time(const void *one, const void *other)
{
    const struct record_span *a = one, *b = other;

    if (a->slot != b->slot)
        return a->slot < b->slot ? -1 : 1;
    return a->begin < b->begin ? -1 : a->begin > b->begin;
}

static bool take_spans(struct lanes *l)
{
    const struct record *r = l->v.r;
    uint32_t n = atomic_load(&r->spans_used);

    if (n > RECORD_SPANS)
        n = RECORD_SPANS;
    l->spans = calloc(n + 1, sizeof *l->spans);
    for (uint32_t i = 0; l->spans && i < n; i++) {
        const struct record_span *s = &r->spans[i];

        if (atomic_load(&s->ready) && s->begin <= s->end)
            l->spans[l->nspans++] = (struct record_span){
                .slot = s->slot,
                .id = s->id,
                .op = s->op,
                .object = s->object,
                .begin = s->begin,
                .end = s->end,
            };
    }
    if (l->spans)
        qsort(l->spans, l->nspans, sizeof *l->spans, by_slot_and_time);
    return l->spans;
}

static void latest(uint64_t at, uint64_t limit, uint64_t *last)
{
    if (at > *last && at <= limit)
        *last = at;
}

/* When anything happened last. */
static uint64_t last_move(const struct lanes *l, uint64_t limit)
{
    uint64_t last = l->from;

    for (uint32_t i = 0; i < reading_threads(&l->v); i++) {
        const struct record_thread *t = reading_slot(&l->v, i);

        latest(t->created_ns, limit, &last);
        latest(t->begin_ns, limit, &last);
        latest(t->end_ns, limit, &last);
        latest(t->joined_ns, limit, &last);
        latest(t->now_since, limit, &last);
    }
    for (size_t i = 0; i < l->nspans; i++)
        latest(l->spans[i].end, limit, &last);
    return last;
}

/* A run that stood still is shown a little further than its last move: the
 * rest is our waiting to be sure. */
static uint64_t end_of(const struct lanes *l, const struct run_result *result)
{
    const uint64_t limit = l->from + ((uint64_t)result->wall_ms + 1) * 1000000u;
    const uint64_t last = last_move(l, limit);

    if (l->v.r->end_ns > last && l->v.r->end_ns <= limit)
        return l->v.r->end_ns;
    if (result->end == RUN_STANDSTILL)
        return last + (last - l->from) / 4 + 1;
    return result->end == RUN_EXIT ? last : limit;
}

json_t *lanes_events(const struct run_options *o,
                     const struct run_result *result)
{
    struct lanes l = {.v = {o->record, o->symbols}, .events = json_array()};
    size_t next = 0;

    l.from = o->record ? o->record->threads[0].begin_ns : 0;
    if (!l.from || !take_spans(&l))
        return l.events;
    l.to = end_of(&l, result);
    for (uint32_t i = 0; i < reading_threads(&l.v); i++) {
        while (next < l.nspans && l.spans[next].slot < i)
            next++;
        if (reading_slot(&l.v, i)->begin_ns)
            put_lane(&l, i, &next);
        else
            put_unborn(&l, i);
    }
    free(l.spans);
    return l.events;
}

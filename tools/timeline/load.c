/* load.c - reads a list of events; says what is wrong with a bad one.
 *
 * Strings stay inside the parsed JSON, which the timeline owns.
 */
#include "timeline.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_MS = 1000000000 };

struct loading {
    struct timeline *t;
    char *message;
    size_t size;
    size_t event; /* its number, from 1 */
};

__attribute__((format(printf, 2, 3))) static bool wrong(const struct loading *l,
                                                        const char *format, ...)
{
    va_list ap;
    int n =
        l->event ? snprintf(l->message, l->size, "event %zu: ", l->event) : 0;

    va_start(ap, format);
    vsnprintf(l->message + n, l->size - (size_t)n, format, ap);
    va_end(ap);
    return false;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text && *text ? text : NULL;
}

/* The lane of that name, new if need be. There is room for two an event. */
static size_t lane_of(struct timeline *t, const char *name)
{
    size_t i = 0;

    while (i < t->nlanes && strcmp(t->lanes[i].name, name) != 0)
        i++;
    if (i == t->nlanes)
        t->lanes[t->nlanes++] = (struct tl_lane){.name = name,
                                                 .begin = -1,
                                                 .created = -1,
                                                 .joined = -1,
                                                 .creator = TL_NOBODY,
                                                 .joiner = TL_NOBODY};
    return i;
}

static bool time_of(const struct loading *l, const json_t *item,
                    const char *key, double otherwise, double *time)
{
    const json_t *value = json_object_get(item, key);

    *time = json_is_number(value) ? json_number_value(value) : otherwise;
    if (value && !json_is_number(value))
        return wrong(l, "\"%s\" is no number", key);
    if (!(*time >= 0 && *time <= LONGEST_MS))
        return wrong(l, "no \"%s\" from 0 to %d ms", key, LONGEST_MS);
    return true;
}

static enum tl_state state_of(const char *name)
{
    int state = TL_RUNNING;

    while (state < TL_STATES &&
           strcmp(tl_state_name((enum tl_state)state), name) != 0)
        state++;
    return (enum tl_state)state;
}

/* "created" and "joined": moments, not states. */
static bool load_moment(struct loading *l, const json_t *item, size_t lane,
                        bool created)
{
    const char *by = text_of(item, "by");
    const size_t other = by ? lane_of(l->t, by) : TL_NOBODY;
    struct tl_lane *it = &l->t->lanes[lane];
    double at;

    if (!time_of(l, item, "begin", -1, &at))
        return false;
    if (created) {
        it->created = at;
        it->creator = other;
    } else {
        it->joined = at;
        it->joiner = other;
    }
    if (at > l->t->end)
        l->t->end = at;
    return true;
}

static bool load_event(struct loading *l, const json_t *item)
{
    const char *name = text_of(item, "lane"), *state = text_of(item, "state");
    struct tl_event *e = &l->t->events[l->t->nevents];

    if (!name)
        return wrong(l, "no \"lane\", the name of a thread or a task");
    if (!state)
        return wrong(l, "no \"state\"");
    e->lane = lane_of(l->t, name);
    if (strcmp(state, "created") == 0 || strcmp(state, "joined") == 0)
        return load_moment(l, item, e->lane, *state == 'c');
    e->state = state_of(state);
    if (e->state == TL_STATES)
        return wrong(l,
                     "state '%.40s' is none of running, ready, lock, "
                     "condition, io, sleep, join, created, joined",
                     state);
    if (!time_of(l, item, "begin", -1, &e->begin) ||
        !time_of(l, item, "end", -1, &e->end))
        return false;
    if (e->end < e->begin)
        return wrong(l, "it ends before it begins");
    e->what = text_of(item, "what");
    l->t->nevents++;
    return true;
}

static int by_lane_and_time(const void *one, const void *other)
{
    const struct tl_event *a = one, *b = other;

    if (a->lane != b->lane)
        return a->lane < b->lane ? -1 : 1;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return a->end < b->end ? -1 : a->end > b->end;
}

/* Sums up the sorted events in their lanes. */
static bool sum_up(struct loading *l)
{
    struct timeline *t = l->t;

    l->event = 0;
    for (size_t i = 0; i < t->nevents; i++) {
        const struct tl_event *e = &t->events[i];
        struct tl_lane *lane = &t->lanes[e->lane];

        /* Less than a nanosecond is an error of rounding. */
        if (lane->begin >= 0 && e->begin < lane->end - 1e-6)
            return wrong(l, "%.60s has two states at %g ms", lane->name,
                         e->begin);
        if (lane->begin < 0)
            lane->begin = e->begin;
        if (e->end > lane->end)
            lane->end = e->end;
        if (lane->end > t->end)
            t->end = lane->end;
        lane->spent[e->state] += e->end - e->begin;
    }
    return true;
}

bool timeline_load(struct timeline *t, FILE *in, char *message, size_t size)
{
    json_error_t error;
    json_t *root = json_loadf(in, JSON_DISABLE_EOF_CHECK, &error);
    const json_t *events =
        json_is_array(root) ? root : json_object_get(root, "events");
    struct loading l = {t, message, size, 0};
    const json_t *item;
    size_t i;

    *t = (struct timeline){.owner = root};
    if (!root)
        return wrong(&l, "not JSON, line %d: %.100s", error.line, error.text);
    if (!json_array_size(events))
        return wrong(&l, "no events: a list of {lane, state, begin, end}");
    t->lanes = calloc(2 * json_array_size(events), sizeof *t->lanes);
    t->events = calloc(json_array_size(events), sizeof *t->events);
    if (!t->lanes || !t->events)
        return wrong(&l, "out of memory");
    t->title = text_of(root, "title");
    if (!t->title)
        t->title = "timeline";
    t->note = text_of(root, "note");
    json_array_foreach (events, i, item) {
        l.event = i + 1;
        if (!load_event(&l, item))
            return false;
    }
    qsort(t->events, t->nevents, sizeof *t->events, by_lane_and_time);
    if (!sum_up(&l))
        return false;
    if (t->end <= 0)
        return wrong(&l, "nothing in it lasts any time");
    return true;
}

void timeline_free(struct timeline *t)
{
    free(t->lanes);
    free(t->events);
    json_decref(t->owner);
}

/*
 * From the program's lines to a story. A line that is not as log.h has it is
 * passed over: the program may have written to our descriptor.
 */
#include "story.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 16 };

struct reader {
    struct story *s;
    struct symbols *symbols;
    struct stack loop; /* where it waits */
    struct choice choice;
    int depth_of_last; /* of the last event's handler, below the loop */
};

static void *grown(void *list, int n, size_t size)
{
    /* By doubling: n is a power of two when there is no room left. */
    if (n & (n - 1))
        return list;
    list = reallocarray(list, n ? (size_t)n * 2 : 1, size);
    if (!list) {
        fputs("racelab: out of memory\n", stderr);
        exit(70);
    }
    return list;
}

/* Without our own calls, which are the innermost, and what is not the
 * program's. */
static void read_stack(struct reader *r, const char *text, struct stack *out)
{
    struct stack in = {.depth = 0};
    char *end;

    for (; in.depth < STORY_DEPTH; text = end + 1) {
        uint64_t pc = strtoull(text, &end, 16);
        struct symbols_place *p = &in.at[in.depth];

        if (end == text)
            break;
        if (symbols_place(r->symbols, pc - 1, p) && p->function && p->file &&
            !strstr(p->file, "tools/loop/rt_"))
            in.depth++;
        if (*end != ',')
            break;
    }
    out->depth = in.depth;
    for (int i = 0; i < in.depth; i++)
        out->at[i] = in.at[in.depth - 1 - i];
}

/* How deep the loop and this stack are the same. */
static int shared(const struct stack *loop, const struct stack *s)
{
    int i = 0;

    while (i < loop->depth && i < s->depth &&
           strcmp(loop->at[i].function, s->at[i].function) == 0)
        i++;
    return i;
}

/* The function that the loop called; the loop's own where it called none. */
static struct symbols_place handler(const struct reader *r,
                                    const struct stack *s, int *below)
{
    int i = shared(&r->loop, s);

    *below = s->depth - i;
    if (s->depth == 0)
        return (struct symbols_place){.line = 0};
    return s->at[i < s->depth ? i : s->depth - 1];
}

static bool read_event(const char *text, struct event *e)
{
    *e = (struct event){.places = 0};
    return sscanf(text, "%" SCNu64 " %15[tf0-9] %" SCNx64 " %" SCNx64, &e->time,
                  e->name, &e->pc, &e->data) == 4;
}

static void delivered(struct reader *r, const char *text)
{
    struct story *s = r->s;
    struct event e;

    if (!read_event(text, &e))
        return;
    e.places = r->choice.places;
    e.taken = r->choice.taken;
    r->choice = (struct choice){0, 0};
    s->events = grown(s->events, s->nevents, sizeof e);
    s->events[s->nevents++] = e;
}

static struct event *last_event(const struct story *s, const char *name)
{
    for (int i = s->nevents; i-- > 0;) {
        if (strcmp(s->events[i].name, name) == 0)
            return &s->events[i];
    }
    return NULL;
}

/* Known too when it made no call; a line in it is better than its first. */
static void handled_in(struct reader *r, const char *text)
{
    char name[16];
    uint64_t function;
    struct event *e;
    struct symbols_place p;

    if (sscanf(text, "%15[tf0-9] %" SCNx64, name, &function) != 2 ||
        !(e = last_event(r->s, name)) ||
        !symbols_place(r->symbols, function, &p) || !p.function)
        return;
    if (!e->handled || !e->handler.function ||
        strcmp(e->handler.function, p.function) != 0)
        e->handler = p;
    e->handled = true;
}

/* Of the first calls after an event that counts which is not the loop's. */
static void handled(struct reader *r, const char *text)
{
    struct event *e;
    struct stack stack;
    int below;
    char name[16];

    if (sscanf(text, "%15[tf0-9]", name) != 1)
        return;
    e = last_event(r->s, name);
    if (!e || (e->handled && r->depth_of_last > 0))
        return;
    read_stack(r, text + strlen(name) + 1, &stack);
    e->handler = handler(r, &stack, &below);
    e->handled = stack.depth > 0;
    r->depth_of_last = below;
}

static void stalled(struct reader *r, const char *text)
{
    struct story *s = r->s;
    struct stall st = {.event = s->nevents - 1};
    struct stack stack;
    int at = 0, below;

    if (sscanf(text, "%" SCNu64 " %" SCNu64 " %19s %n", &st.from, &st.to,
               st.call, &at) != 3)
        return;
    read_stack(r, text + at, &stack);
    if (stack.depth == 0)
        return;
    st.handler = handler(r, &stack, &below);
    st.at = stack.at[stack.depth - 1];
    s->stalls = grown(s->stalls, s->nstalls, sizeof st);
    s->stalls[s->nstalls++] = st;
}

static void late(struct reader *r, const char *text)
{
    struct story *s = r->s;
    struct stall *st = s->nstalls ? &s->stalls[s->nstalls - 1] : NULL;
    struct event e;

    if (!st || !read_event(text, &e))
        return;
    st->late = grown(st->late, st->nlate, sizeof e);
    st->late[st->nlate++] = e;
}

static void read_line(struct reader *r, const char *line)
{
    struct story *s = r->s;
    const char *rest = line[0] && line[1] ? line + 2 : "";
    struct choice c;

    switch (line[0]) {
    case 'W':
        s->waits = true;
        read_stack(r, rest, &r->loop);
        break;
    case 'C':
        if (sscanf(rest, "%d %d", &c.places, &c.taken) == 2 &&
            s->nchoices < LOOP_CHOICES) {
            s->choices[s->nchoices++] = c;
            r->choice = c;
        }
        break;
    case 'M':
        s->together = true;
        break;
    case 'D':
        r->depth_of_last = 0;
        delivered(r, rest);
        break;
    case 'H':
        handled(r, rest);
        break;
    case 'G':
        handled_in(r, rest);
        break;
    case 'S':
        stalled(r, rest);
        break;
    case 'L':
        late(r, rest);
        break;
    case 'P':
        s->busy = true;
        break;
    case 'A':
        s->end = strtoull(rest, NULL, 10);
        break;
    case 'U':
        snprintf(s->unsupported, sizeof s->unsupported, "%s", rest);
        break;
    default:
        break;
    }
}

void story_read(struct story *s, const struct text *text,
                struct symbols *symbols)
{
    struct reader r = {.s = s, .symbols = symbols};
    char *at = text->bytes;
    int lines = 0;

    memset(s, 0, sizeof *s);
    while (at && *at && lines++ < 2 * STORY_LINES) {
        char *end = strchr(at, '\n');

        if (!end)
            break;
        *end = '\0';
        read_line(&r, at);
        at = end + 1;
    }
}

void story_free(struct story *s)
{
    for (int i = 0; i < s->nstalls; i++)
        free(s->stalls[i].late);
    free(s->stalls);
    free(s->events);
    memset(s, 0, sizeof *s);
}

char *story_name(const struct event *e, struct symbols *symbols)
{
    const char *what = e->name[0] == 't' ? "timer" : "descriptor";
    char object[200] = "";
    char *text = NULL;
    char *member;

    if (e->data && symbols_object(symbols, e->data, object, sizeof object) &&
        *object) {
        /* The whole thing begins where its first member does. */
        member = strrchr(object, '.');
        if (member)
            *member = '\0';
        if (asprintf(&text, "%s %s (%s)", what, e->name + 1, object) < 0)
            exit(70);
    } else if (asprintf(&text, "%s %s", what, e->name + 1) < 0) {
        exit(70);
    }
    return text;
}

static void step(const struct event *e, struct symbols *symbols,
                 struct finding *f)
{
    struct finding_thread *t = finding_add_thread(
        f, 0, "main", e->taken > 0 ? "handles early" : "handles");
    struct symbols_place p = e->handler;
    char *name = story_name(e, symbols);

    if (!e->handled)
        symbols_place(symbols, e->pc - 1, &p);
    finding_place(t, p.file, p.line, p.function);
    finding_set(&t->object, name);
    free(name);
}

void story_steps(const struct story *s, struct symbols *symbols,
                 struct finding *f)
{
    int from = 0;

    while (from < s->nevents && s->events[from].taken == 0)
        from++;
    if (s->nevents <= STEPS || from == s->nevents)
        from = s->nevents <= STEPS ? 0 : s->nevents - STEPS;
    else
        from = from > 2 ? from - 2 : 0;
    for (int i = from; i < s->nevents && i < from + STEPS; i++)
        step(&s->events[i], symbols, f);
}

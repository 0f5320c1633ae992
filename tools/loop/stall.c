/*
 * Who kept the loop: calls that took time in a handler, in virtual time, and
 * the events that were ready and had to wait for them.
 */
#include "tool.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWN = 2, SITES = 64, SHOWN = 3 };

/* Less late than this is a note. */
#define LATE 1000000

/* One place in the program that kept the loop. */
struct site {
    struct symbols_place handler, at;
    const char *call;
    uint64_t begun;   /* of the last stall: a longer one replaces it */
    uint64_t longest; /* ns */
    uint64_t latest;  /* ns that an event waited, at worst */
    int times, in_run, runs;
    struct event late[SHOWN];
    int nlate, waiting; /* of the worst time */
};

static struct site sites[SITES];
static int nsites;

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static struct site *site_of(const struct stall *st)
{
    for (int i = 0; i < nsites; i++) {
        struct site *s = &sites[i];

        if (s->at.line == st->at.line && same(s->at.file, st->at.file) &&
            same(s->handler.function, st->handler.function))
            return s;
    }
    if (nsites == SITES)
        return NULL;
    sites[nsites] = (struct site){.handler = st->handler,
                                  .at = st->at,
                                  .call = strdup(st->call),
                                  .begun = UINT64_MAX};
    return &sites[nsites++];
}

static uint64_t worst(const struct stall *st)
{
    uint64_t most = 0;

    for (int i = 0; i < st->nlate; i++) {
        if (st->to - st->late[i].time > most)
            most = st->to - st->late[i].time;
    }
    return most;
}

static void add(const struct stall *st, int run)
{
    struct site *s = site_of(st);

    if (!s)
        return;
    if (s->in_run != run) {
        s->in_run = run;
        s->runs++;
        s->begun = UINT64_MAX;
    }
    if (run == 1 && s->begun != st->from)
        s->times++;
    s->begun = st->from;
    if (st->to - st->from > s->longest)
        s->longest = st->to - st->from;
    if (st->nlate > 0 && worst(st) > s->latest) {
        s->latest = worst(st);
        s->waiting = st->nlate;
        s->nlate = st->nlate < SHOWN ? st->nlate : SHOWN;
        memcpy(s->late, st->late, (size_t)s->nlate * sizeof *s->late);
    }
}

static const char *how(const char *call)
{
    if (strcmp(call, "spin") == 0)
        return "it asks again and again instead of going back to the loop";
    if (strcmp(call, "read") == 0)
        return "it reads a timer that has not fired";
    if (strstr(call, "poll") || strstr(call, "select") || strstr(call, "epoll"))
        return "it waits there for events of its own";
    return "it sleeps there";
}

/* "20 ms", "1.5 ms". */
static const char *ms(uint64_t ns, char *text, size_t size)
{
    snprintf(text, size, "%.4g ms", (double)ns / 1e6);
    return text;
}

static void tell_late(struct tool *t, const struct site *s, struct finding *f)
{
    for (int i = 0; i < s->nlate; i++) {
        struct finding_thread *w =
            finding_add_thread(f, 0, "main", "keeps waiting");
        char *name = story_name(&s->late[i], t->symbols);
        struct symbols_place p;

        if (symbols_place(t->symbols, s->late[i].pc - 1, &p))
            finding_place(w, p.file, p.line, p.function);
        finding_set(&w->object, name);
        free(name);
    }
}

static bool tell(struct tool *t, const struct site *s)
{
    bool error = s->latest >= LATE;
    struct finding *f =
        finding_new("stall", error ? "error" : "note", t->judging.detector);
    struct finding_thread *w =
        finding_add_thread(f, 0, "main", "keeps the loop");
    char text[40];

    finding_place(w, s->at.file, s->at.line, s->at.function);
    finding_message(f, "%s() keeps the event loop for %s%s: %s (%s).",
                    s->handler.function, ms(s->longest, text, sizeof text),
                    s->times > 1 ? " each time" : "", how(s->call),
                    strcmp(s->call, "spin") == 0 ? "in virtual time" : s->call);
    if (s->waiting > 0)
        finding_message_add(
            f, " Meanwhile %d other event%s ready, and the first waited %s.",
            s->waiting, s->waiting == 1 ? " was" : "s were",
            ms(s->latest, text, sizeof text));
    else
        finding_message_add(f, " No other event was ready this time.");
    tell_late(t, s, f);
    if (t->runs > 1) {
        f->seen = s->runs;
        f->of = t->runs;
    }
    finding_print(stdout, f);
    finding_free(f);
    return error;
}

static void tell_busy(struct tool *t)
{
    struct finding *f = finding_new("stall", "note", t->judging.detector);

    finding_message(f, "A handler used more than 100 ms of CPU time before it "
                       "went back to the loop. That is this machine's time, "
                       "and no verdict.");
    finding_print(stdout, f);
    finding_free(f);
}

_Noreturn void stalls(struct tool *t)
{
    int runs = 1 + (t->drawn ? t->drawn : DRAWN);
    bool bad = false, busy = false;
    uint64_t end = 0;
    char basis[120], text[40];

    for (int run = 1; run <= runs; run++) {
        struct story s;
        char told[40] = "s ";
        json_t *findings, *error;

        if (run > 1)
            snprintf(told, sizeof told, "s ~%llu",
                     (unsigned long long)t->seed + (unsigned)run);
        findings = tool_run(t, told, &s);
        if (!s.waits)
            tool_end(t, "clean",
                     "no event loop here: it never waits for events", NULL);
        for (int i = 0; i < s.nstalls; i++)
            add(&s.stalls[i], run);
        busy |= s.busy;
        if (run == 1)
            end = s.end;
        error = run == 1 ? tool_error(findings) : NULL;
        if (error) {
            bad = true;
            tool_print(json_incref(error));
        }
        json_decref(findings);
        if (s.nchoices == 0)
            run = runs;
        story_free(&s);
    }
    for (int i = 0; i < nsites; i++)
        bad |= tell(t, &sites[i]);
    if (busy)
        tell_busy(t);
    snprintf(basis, sizeof basis, "%s in %d order%s of its events, %s",
             bad ? "the loop was kept" : "the loop was never kept", t->runs,
             t->runs == 1 ? "" : "s", ms(end, text, sizeof text));
    tool_end(t, bad ? "found" : "clean", basis, NULL);
}

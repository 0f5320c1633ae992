/*
 * One run as its program told it (log.h), with names for its addresses.
 */
#ifndef RL_LOOP_STORY_H
#define RL_LOOP_STORY_H

#include "log.h"

#include "../core/finding.h"
#include "../core/judge.h"
#include "../core/symbols.h"

#include <stdbool.h>
#include <stdint.h>

enum { STORY_DEPTH = 24, STORY_LINES = 20000 };

/* The program's own calls, from main on. */
struct stack {
    struct symbols_place at[STORY_DEPTH];
    int depth;
};

struct event {
    uint64_t time;
    char name[16]; /* "t3", "f7" */
    uint64_t pc, data;
    int places, taken; /* of the choice before it; 0: there was none */
    bool handled;
    struct symbols_place handler; /* if handled: where its function is */
};

struct stall {
    uint64_t from, to;
    char call[20];
    int event; /* the one that was handled; -1: none */
    struct symbols_place handler, at;
    struct event *late; /* time: since when */
    int nlate;
};

struct choice {
    int places, taken;
};

struct story {
    bool waits;    /* it has an event loop */
    bool together; /* several events could have been delivered at once */
    bool busy;     /* a handler used much CPU time */
    uint64_t end;
    char unsupported[120]; /* "": all is modelled */
    struct choice choices[LOOP_CHOICES];
    int nchoices;
    struct event *events;
    int nevents;
    struct stall *stalls;
    int nstalls;
};

/* s is what becomes of text; names live as long as symbols. */
void story_read(struct story *s, const struct text *text,
                struct symbols *symbols);
void story_free(struct story *s);

/* "timer 3 (tasks[2])"; the caller frees it. */
char *story_name(const struct event *e, struct symbols *symbols);
/* Adds what happened around the first choice that was not the usual one. */
void story_steps(const struct story *s, struct symbols *symbols,
                 struct finding *f);

#endif

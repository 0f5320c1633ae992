/* timeline.h - lanes over time, and the ways to draw them.
 *
 * A lane is a thread, a process or a task of an event loop; the input
 * (timeline.schema.json) says in which state each was from when to when.
 * Nothing here knows who recorded it.
 */
#ifndef RL_TIMELINE_H
#define RL_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum tl_state {
    TL_NONE,
    TL_RUNNING,
    TL_READY,
    TL_LOCK,
    TL_CONDITION,
    TL_IO,
    TL_SLEEP,
    TL_JOIN,
    TL_STATES
};

#define TL_NOBODY ((size_t)-1)

/* Times are milliseconds from the beginning of the run. */
struct tl_event {
    size_t lane;
    enum tl_state state;
    double begin, end;
    const char *what; /* a lock's name, ...; may be NULL */
};

struct tl_lane {
    const char *name;
    double begin, end;      /* of its first and last state */
    double created, joined; /* negative: not told */
    size_t creator, joiner; /* lanes, or TL_NOBODY */
    double spent[TL_STATES];
};

struct timeline {
    const char *title;     /* never NULL */
    const char *note;      /* a sentence about the end, or NULL */
    struct tl_lane *lanes; /* in order of first mention */
    size_t nlanes;
    struct tl_event *events; /* by lane, then by time; they do not overlap */
    size_t nevents;
    double end;
    void *owner; /* the parsed input, which owns every string above */
};

/* Reads an array of events, or an object with "events". On bad input returns
 * false and puts one line that says what is wrong into message. */
bool timeline_load(struct timeline *t, FILE *in, char *message, size_t size);
void timeline_free(struct timeline *t);

/* "lock": the word of the input; and the words of a legend. */
const char *tl_state_name(enum tl_state state);
const char *tl_state_words(enum tl_state state);

/* The state of a lane in each of n equal pieces of the run: the one that it
 * was in for most of the piece, TL_NONE only where it did not live. */
void tl_cells(const struct timeline *t, size_t lane, enum tl_state *cells,
              size_t n);

/* A unit that suits the run: its name, and how many of it a millisecond is. */
struct tl_unit {
    const char *name;
    double per_ms;
};
struct tl_unit tl_unit(const struct timeline *t);

/* A round step of an axis, in the unit, for at most n marks. */
double tl_tick(double length, int n);

/* Each writes the whole picture to out; width is in terminal columns. */
void tl_text(const struct timeline *t, FILE *out, int width);
void tl_svg(const struct timeline *t, FILE *out);

#endif

/* draw.h - an interleaving made ready for people, and the ways to draw it.
 *
 * One column a thread, one row a step.  The input is the "interleaving"
 * object that rl-explore prints; nothing here knows how it was found.
 */
#ifndef RL_DRAW_H
#define RL_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct draw_thread {
    int id;           /* 0 is main, then in order of creation */
    const char *name; /* start function, or "main" */
};

struct draw_step {
    int number;
    size_t column;      /* index into threads */
    const char *text;   /* what it does, with the values */
    const char *file;   /* base name, NULL when unknown */
    int line;           /* 0 when unknown */
    const char *source; /* that line without its indent, or NULL */
    const char *why;    /* why control came here, NULL when it stayed */
    const char *holds;  /* "holding a, b": locks held before it, or NULL */
    bool again;         /* the line of the step above, of the same thread */
    bool finding;       /* one of the steps that the finding names */
};

/* An edge of the wait-for graph at the end of a run that stands still. */
struct draw_wait {
    int thread;
    int holder; /* -1: nobody in particular */
    const char *object;
    int line;
    bool join;         /* the object is the thread itself */
    const char *holds; /* as of a step */
};

struct drawing {
    const char *title;
    struct draw_thread *threads; /* only those that take a step or wait */
    size_t nthreads;
    struct draw_step *steps;
    size_t nsteps;
    const char *end; /* one sentence, or NULL */
    struct draw_wait *waits;
    size_t nwaits;
    void *owner; /* the parsed input, which owns the strings above */
    char **made; /* those that were made of it */
    size_t nmade;
};

/* Reads one interleaving object.  On bad input returns false and puts one
 * line that says what is wrong into message (of size bytes). */
bool drawing_load(struct drawing *d, FILE *in, char *message, size_t size);
void drawing_free(struct drawing *d);

/* How a thread is called everywhere: "main" or "1 worker"; static storage of
 * four names in turn. */
const char *draw_thread_name(const struct draw_thread *t);

/* One wait as a sentence: "1 left (line 5) waits for b, held by 2 right";
 * static storage, good until the next call. */
const char *draw_wait_words(const struct drawing *d, const struct draw_wait *w);

/* The thread of that id, or NULL: it takes no part. */
const struct draw_thread *draw_thread_of(const struct drawing *d, int id);

/* Each writes the whole picture to out; width is in terminal columns. */
void draw_text(const struct drawing *d, FILE *out, int width);
void draw_svg(const struct drawing *d, FILE *out);
void draw_mermaid(const struct drawing *d, FILE *out);
void draw_html(const struct drawing *d, FILE *out);

#endif

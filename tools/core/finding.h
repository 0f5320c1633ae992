/*
 * A finding: what a detector has to say, as one JSON line of
 * tools/finding.schema.json. Build one with the functions below, print it,
 * free it. All strings are copied; bytes that are not UTF-8 become U+FFFD,
 * so that the line is always valid JSON. Memory that runs out ends the
 * process (exit 70): no caller could do better.
 */
#ifndef RL_FINDING_H
#define RL_FINDING_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

struct finding_thread {
    int id;         /* 0 is main, then in order of creation */
    char *role;     /* start function or "main"; NULL: unknown */
    char *op;       /* lock, wait, join, read, write, hold, end, ... */
    char *file;     /* base name; NULL: unknown */
    int line;       /* 0: unknown */
    char *function; /* NULL: unknown */
    char *object;   /* lock, condition or variable; NULL: none */
    char **locks;   /* names of the locks held */
    size_t nlocks;
};

struct finding {
    char *kind;     /* one of the schema's */
    char *severity; /* "error" or "note" */
    char *detector;
    char *message;  /* a sentence for a student */
    char *variable; /* NULL: left out */
    struct finding_thread *threads;
    size_t nthreads;
    int *cycle; /* thread ids in wait-for order; NULL: left out */
    size_t ncycle;
    char *expected, *got; /* NULL: left out */
    char *replay;         /* NULL: left out */
    int seen, of;         /* 0: left out */
};

/* A finding without message or threads. */
struct finding *finding_new(const char *kind, const char *severity,
                            const char *detector);
void finding_free(struct finding *f); /* NULL is fine */

/* Replaces *field by a copy of value (NULL clears it); for every char * of
 * the two structs. */
void finding_set(char **field, const char *value);

/* Sets the message. */
void finding_message(struct finding *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds to the message. */
void finding_message_add(struct finding *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds a thread; the result is valid until the next one is added. */
struct finding_thread *finding_add_thread(struct finding *f, int id,
                                          const char *role, const char *op);
/* Where the thread is. The directory of file is dropped. */
void finding_place(struct finding_thread *t, const char *file, int line,
                   const char *function);
void finding_add_lock(struct finding_thread *t, const char *name);
void finding_add_cycle(struct finding *f, int id);

/* A new reference, or NULL only if a required field is missing. */
json_t *finding_json(const struct finding *f);
/* One line to out. 0, or -1 if a required field is missing or out fails. */
int finding_print(FILE *out, const struct finding *f);

/* A JSON string of any bytes: invalid UTF-8 becomes U+FFFD. */
json_t *finding_string(const char *bytes, size_t length);
json_t *finding_cstring(const char *text); /* NULL gives null */

/* The detector's last line. status: clean, found, broken, no-answer.
 * reason may be NULL. */
int finding_print_summary(FILE *out, const char *detector, const char *status,
                          int runs, const char *basis, const char *reason);

#endif

/*
 * What stands in a report of ThreadSanitizer's, by name. Reports hold numbers
 * only (report.c); names come from the program's file.
 */
#ifndef RL_TSAN_NAMES_H
#define RL_TSAN_NAMES_H

#include "reports.h"

enum { NAME = 512 }; /* room for a name or a few words */

struct report {
    struct symbols *symbols;
    const json_t *json;
    struct finding *finding;
};

/* A place in the student's source; line 0 if there is none. */
struct report_place {
    char file[160];
    int line;
    char function[128];
    char root[128]; /* the outermost function: where the thread started */
};

/* Parts of the JSON: a number of an object, the N-th of a list. */
long long report_number(const json_t *object, const char *name);
const json_t *report_member(const struct report *r, const char *list, size_t n);
size_t report_length(const struct report *r, const char *list);

/* The student's innermost frame of an object that has a trace. */
struct report_place report_place(const struct report *r, const json_t *object);
/* "deposit (bank.c:14)", for sentences. */
const char *report_words(const struct report_place *place, char *text,
                         size_t size);
struct finding_thread *report_thread(struct report *r, long long tid,
                                     const char *op,
                                     const struct report_place *place);
/* The variable at an address, else what the location says of it, else "". */
void report_object(const struct report *r, long long at, const json_t *loc,
                   char *name, size_t size);
void report_mutex(const struct report *r, const json_t *mutex, char *name,
                  size_t size);
/* Adds the locks of an access to its thread; the first one's name, or "",
 * goes to first. */
void report_held(struct report *r, const json_t *mop,
                 struct finding_thread *thread, char *first, size_t size);

#endif

/*
 * One scan of a submission: every source as written, as its compiler sees
 * it, and the symbols of its objects.
 */
#ifndef RL_SCAN_H
#define RL_SCAN_H

#include "facts.h"

#include <stddef.h>

struct scan_find {
    char *file, *word, *why;
    int line; /* 0: unknown */
};

struct scan_word {
    char *word, *file;
    int line;
};

struct scan {
    char **allowed; /* groups of rules.h that may be used */
    size_t nallowed;
    struct facts facts;
    struct scan_find *finds;
    size_t nfinds;
    struct scan_word *words; /* of the program's own code, first places */
    size_t nwords;
};

/* A source or header as it stands in the working directory. */
void scan_raw(struct scan *scan, const char *text, size_t length,
              const char *file);
/* The same after preprocessing. */
void scan_code(struct scan *scan, const char *text, size_t length,
               const char *file);
/* Adds a find unless its group is allowed or the place is known. file NULL:
 * where the word first stands in the code. */
void scan_add(struct scan *scan, const char *group, const char *file, int line,
              const char *word, const char *why);
void scan_free(struct scan *scan);

#endif

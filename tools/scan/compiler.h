/*
 * Runs the unit's compiler on the unit's sources, in a sandbox. Names of
 * sources begin with "./".
 */
#ifndef RL_SCAN_COMPILER_H
#define RL_SCAN_COMPILER_H

#include "../sandbox/box.h"

#include <stddef.h>

struct compiler {
    char **arguments; /* the command and its flags */
    size_t count;
    struct box *box;
};

/* Reads UNIT/cc and UNIT/cflags. 0, or 3 (no sandbox) or
 * 70 with a word on stderr. */
int compiler_read(struct compiler *cc, const char *unit);
void compiler_free(struct compiler *cc);

/* The preprocessed source, malloced, or NULL. */
char *compiler_preprocess(const struct compiler *cc, const char *source,
                          size_t *length);
/* Compiles source to object. 0 if it did. */
int compiler_compile(const struct compiler *cc, const char *source,
                     const char *object);

/* The bytes of a file or pipe, malloced, or NULL. */
char *read_all(int fd, size_t *length);

#endif

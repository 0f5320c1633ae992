/*
 * What the targets share.
 */
#ifndef RL_FUZZ_H
#define RL_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* The path of a file beside the target; lives on. */
static inline char *beside(const char *target, const char *name);

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline char *beside(const char *target, const char *name)
{
    const char *slash = strrchr(target, '/');
    char *path;

    if (asprintf(&path, "%.*s%s", slash ? (int)(slash + 1 - target) : 0, target,
                 name) < 0)
        abort();
    return path;
}

#endif

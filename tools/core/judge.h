/*
 * What one run of a program means: how it ended and what it printed, as
 * findings. Pure; used by rl-runs.
 */
#ifndef RL_JUDGE_H
#define RL_JUDGE_H

#include "run.h"

#include <jansson.h>
#include <stddef.h>

/* Bytes with a NUL after them that is not counted. */
struct text {
    char *bytes;
    size_t length;
};

struct judging {
    const char *detector;
    const char *wall, *cpu; /* the limits, as they are told */
    const char *kinds;      /* only these, with blanks between; NULL: all */
    const struct text *expected; /* the right output; NULL: any */
};

/* A new array of findings. */
json_t *judge_run(const struct judging *j, const struct run_result *result,
                  const struct text *out, const struct text *err);

/* How it ended, in two words: "exit 0", "SIGSEGV", "standstill". */
const char *judge_end(const struct run_result *result, char *words,
                      size_t size);

/* A new JSON string: the first so many characters. */
json_t *judge_cut(const char *bytes, size_t length, size_t characters);

/* Is kind one of these (with blanks between)? */
bool judge_among(const char *kinds, const char *kind);
const char *judge_kind(const json_t *finding);

#endif

/*
 * Inside of rl-runs: what its parts share. rl_runs.c reads the options, runs
 * and prints; judge.c and merge.c say what runs mean; asked_tsan.c and
 * asked_valgrind.c add what those tools say of a run.
 */
#ifndef RL_RUNS_H
#define RL_RUNS_H

#include "judge.h"
#include "run.h"

/* A file without a name that a stream of the program goes to. */
struct sink {
    int fd;
    char path[32];
    struct text text; /* of the last run */
};

/* What the plain program is called in the box. */
#define RUNS_PLAIN "/unit/other"

struct runs {
    struct run_options o;
    struct judging judging;
    int count;
    const char *binary; /* for names */
    const char *plain;  /* the same program with the recorder; NULL: none */
    char *plain_inside; /* what the box calls it */
    char **arguments;   /* of the program, NULL at the end */
    struct symbols *symbols;
    struct sink out, err, findings;
    json_t *judged;    /* the findings of each run */
    json_t *outcomes;  /* {end, stdout} of each run; NULL: not asked for */
    const char *cured; /* said with the answer; NULL: nothing */
};

/* Run k, its output in the sinks. A program that does not start ends the
 * process: broken. */
void runs_one(struct runs *r, int k, struct run_result *result);
/* A run of o instead, which is not judged. */
void runs_of(struct runs *r, struct run_options *o, struct run_result *result);

/* Prints a summary that says so, and ends the process. */
_Noreturn void runs_broken(struct runs *r, const char *reason, ...)
    __attribute__((format(printf, 2, 3)));
_Noreturn void runs_no_answer(struct runs *r, int k, const char *basis,
                              const char *reason);

/* The first line of what the run said on stderr that pattern (an extended
 * regular expression) matches; the caller frees it. NULL: none. */
char *runs_said(const struct runs *r, const char *pattern);

/* Appends to findings, as the detector's own. */
void runs_add(const struct runs *r, json_t *findings, json_t *finding);
/* A copy with its message lengthened; severity NULL: as it is. */
json_t *runs_noted(const json_t *finding, const char *severity,
                   const char *more);

/* Run k, by ThreadSanitizer or Valgrind: a new array of findings. */
json_t *asked_tsan(struct runs *r, int k, struct run_result *result);
json_t *asked_valgrind(struct runs *r, int k, struct run_result *result);

#endif

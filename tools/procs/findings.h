/*
 * Inside of rl-procs: what the server in the program told (tell.h) as
 * findings. main.c runs it and prints.
 */
#ifndef PROCS_FINDINGS_H
#define PROCS_FINDINGS_H

#include "../core/judge.h"

#include <jansson.h>
#include <stdbool.h>

struct procs_telling {
    struct judging judging;
    struct symbols *symbols;
    struct text outputs[64];
    json_t *judged; /* an array of findings for each run */
    int runs, of;
    int alive;         /* at most at one moment, without the first process */
    char example[160]; /* a schedule that shows an error, in words */
    bool ended, forked;
    char refused[64]; /* "": nothing */
};

/* Reads all lines. */
void procs_read(struct procs_telling *t, const struct text *lines);

/* "child 2", or "the first process". */
const char *procs_name(int number, char name[32]);
/* "pool.c:12", or "?" */
const char *procs_place(struct procs_telling *t, json_int_t pc, char *text,
                        size_t size);

struct finding;
/* A process as a thread of a finding, at pc. */
void procs_add_thread(struct procs_telling *t, struct finding *f, int number,
                      const char *op, json_int_t pc);
/* Why nothing can go on, from a run that stands still. The caller's. */
struct finding *procs_standstill(struct procs_telling *t, const json_t *run);

#endif

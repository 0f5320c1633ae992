/*
 * Inside of rl-run and rl-runs: what their parts share. rl_run.c reads the
 * options and prints the answer, capture.c takes the program's output, watch.c
 * looks at it in /proc, supervise.c is the loop, diagnose.c explains the
 * record, once.c joins them for one run. tools/sandbox starts the program and
 * knows and ends its processes.
 */
#ifndef RL_RUN_H
#define RL_RUN_H

#include "record.h"

#include "../sandbox/box.h"
#include "../sandbox/tree.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Numbers that a program of a student does not meet by chance. */
#define RUN_FINDINGS_FD 100
#define RUN_RECORD_FD 101

/* What the program is called in its box; its name tells nothing. */
#define RUN_PROGRAM "/unit/program"

struct symbols;

struct run_options {
    double wall, cpu;  /* seconds; 0: no limit */
    long memory;       /* MiB resident; 0: no limit */
    long output;       /* bytes a stream; 0: no limit */
    long errors;       /* bytes of stderr to keep, if not output */
    const char *input; /* files; NULL: /dev/null */
    const char *out, *err, *findings;
    const char *binary; /* of the record; NULL: no record */
    const char **env;   /* K=V, NULL at the end */
    bool no_proc; /* do not ask /proc: without a record nothing stands still */
    char **program; /* argv, as in the box */
    struct box *box;
    struct confine_limits limits; /* beside wall, cpu and memory */
    /* The record and what explains it; NULL, NULL and -1: none. */
    struct record *record;
    struct symbols *symbols;
    int record_fd;
};

enum run_end {
    RUN_EXIT,
    RUN_SIGNAL,
    RUN_STANDSTILL,
    RUN_TIMEOUT,
    RUN_CPU,
    RUN_MEMORY,
    RUN_OUTPUT,
    RUN_TASKS,
    RUN_NOSTART,
};

struct run_result {
    enum run_end end;
    int code;   /* RUN_EXIT: its code; RUN_NOSTART: errno */
    int signal; /* RUN_SIGNAL */
    long wall_ms, cpu_ms;
    int left_over;       /* processes still there at the end, killed */
    bool by_record;      /* the standstill was read from the record alone */
    json_t *findings;    /* array */
    const char *problem; /* ours, a sentence; NULL: none */
};

/* capture.c: a pipe whose bytes go to a file, up to a limit. */
struct capture {
    int read_fd, write_fd; /* -1: none */
    int file;              /* -1: thrown away */
    long limit, taken;     /* limit 0: none */
    bool full;             /* more came than the limit; the rest is dropped */
    bool open;             /* not yet at its end */
};

/* 0 or -1 with errno. path NULL: throw the bytes away. */
int capture_open(struct capture *c, const char *path, long limit);
/* Takes what is there without waiting. True if bytes came. */
bool capture_take(struct capture *c);
void capture_close(struct capture *c);

/* watch.c: is everything at a standstill? */
struct watch;
enum watch_look {
    WATCH_MOVING,
    WATCH_STILL,   /* proven: two looks, nothing moved, nobody has a deadline */
    WATCH_REFUSED, /* the kernel does not tell */
};

struct watch *watch_new(void);
void watch_free(struct watch *w);
/* record may be NULL. WATCH_REFUSED is final; ask watch_record then. */
enum watch_look watch_look(struct watch *w, const struct tree *t,
                           const struct record *record);
/* The same question answered from the record alone: less sure. */
enum watch_look watch_record(struct watch *w, pid_t root,
                             const struct record *record);

/* supervise.c: runs the program to its end, waits diagnosed. 0, or -1 with
 * result->problem. result->findings is the caller's. */
int supervise(const struct run_options *o, struct run_result *result);

/* diagnose.c: what the record says, appended to findings (an array).
 * still: everything waits; otherwise only cycles are reported. */
void diagnose_waits(const struct record *r, struct symbols *s, bool still,
                    json_t *findings);
/* After an end by itself: leaks, a program that vanished. */
void diagnose_end(const struct record *r, struct symbols *s, json_t *findings);
/* Lock orders that can deadlock, at any end. */
void diagnose_order(const struct record *r, struct symbols *s,
                    json_t *findings);

/* once.c: supervise with a fresh record (if o->symbols are there to explain
 * it) and all diagnoses. 0, or -1 with result->problem. The record stays in o
 * and the findings in result until run_close. */
int run_once(struct run_options *o, struct run_result *result);
void run_close(struct run_options *o, struct run_result *result);
const char *run_end_name(enum run_end end);
/* "SIGSEGV"; returns name. */
const char *run_signal_name(int signal, char *name, size_t size);

#endif

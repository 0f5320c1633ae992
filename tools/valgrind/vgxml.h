/*
 * What Helgrind and DRD write with --xml=yes, read piece by piece: a record
 * for each error, announced thread and fatal signal, with its texts and
 * stacks in the order in which they stand. Only reading; what a record means
 * is the business of findings.c.
 */
#ifndef RL_VGXML_H
#define RL_VGXML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct vg_frame {
    uint64_t ip;
    char *obj, *fn, *dir, *file; /* NULL: not given */
    int line;                    /* 0: not given */
};

/* A text or a stack of a record. */
struct vg_item {
    char *section; /* the element it stands in, as "first_observed_at" */
    char *text;    /* NULL: this is a stack */
    int threads[2], nthreads; /* Helgrind's thread numbers in the text */
    struct vg_frame *frames;
    size_t nframes;
};

struct vg_record {
    char *type;   /* the element's name: error, announcethread, ... */
    char *kind;   /* of an error; NULL otherwise */
    char *signal; /* of a fatal signal; NULL otherwise */
    int tid;      /* Valgrind's thread number, 0: not given */
    int thread;   /* Helgrind's number of an announced thread */
    struct vg_item *items;
    size_t nitems;
};

/* What was known of the run when the file ended. */
struct vg_run {
    char tool[16];     /* helgrind, drd, or "" */
    char program[256]; /* base name of the program that ran, or "" */
    bool finished;     /* Valgrind wrote its last status */
    bool whole;        /* well-formed to its end */
    char trouble[160]; /* where and how it is not, or "" */
};

/* Reads the file and calls record for each whole record; what is cut or
 * mangled ends the reading, never the process. The record is freed after
 * the call. */
void vg_read(FILE *in, struct vg_run *run,
             void (*record)(const struct vg_record *r, void *arg), void *arg);

#endif

/*
 * From the records of one Valgrind run to findings. Records are handed over
 * one by one; findings of the run as a whole (a hang) come at the end.
 */
#ifndef RL_VG_FINDINGS_H
#define RL_VG_FINDINGS_H

#include "vgxml.h"

#include "../core/finding.h"
#include "../core/symbols.h"

/* Where Helgrind says that a thread was created. */
struct vg_created {
    int number;  /* counted from 1 */
    char *words; /* "main (bank.c:14)" */
};

struct vg_translator {
    const struct vg_run *run; /* filled while the file is read */
    struct symbols *symbols;  /* of the program; NULL: locks have no names */
    const char *binary;       /* base name it ran as; NULL: as the XML says */
    bool fixed;               /* the binary is not position-independent */
    bool hang;                /* the run was stopped in a standstill */
    struct finding *stuck;    /* the hang, thread by thread */
    struct vg_created *created;
    size_t ncreated;
    void (*emit)(struct finding *f, void *arg); /* takes the finding */
    void *arg;
};

/* For vg_read; arg is a struct vg_translator. */
void vg_translate(const struct vg_record *r, void *arg);
/* After the last record. */
void vg_translate_end(struct vg_translator *t);

/* A whole file: fills run, and what of t depends on run or binary (NULL:
 * unknown). */
void vg_translate_file(FILE *in, struct vg_run *run, struct vg_translator *t,
                       const char *binary);

#endif

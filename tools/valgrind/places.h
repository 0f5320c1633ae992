/*
 * What stands in a record of Valgrind's, by name: the student's line of a
 * stack, variables, locks. The strings of a place live as long as the record.
 */
#ifndef RL_VG_PLACES_H
#define RL_VG_PLACES_H

#include "findings.h"

enum { VG_NAME = 512 }; /* room for a name */

struct vg_place {
    const char *file, *function;
    const char *root; /* the outermost function: where the thread started */
    int line;         /* 0: none of the frames is the student's */
};

/* Whether the words stand in text, in any case; false for NULL. */
bool vg_has(const char *text, const char *words);

/* The N-th stack of a record (from 0), or NULL. */
const struct vg_item *vg_stack(const struct vg_record *r, size_t n);
/* The first text that has the words (NULL: the first text), or NULL. */
const struct vg_item *vg_find_text(const struct vg_record *r,
                                   const char *words);
/* The first stack after an item (NULL: none). */
const struct vg_item *vg_stack_after(const struct vg_record *r,
                                     const struct vg_item *item);
/* The function at the top of a stack, or "". */
const char *vg_called(const struct vg_item *stack);
/* The N-th address in a text (from 0), or 0. */
uint64_t vg_address(const char *text, int n);

struct vg_place vg_place(const struct vg_translator *t,
                         const struct vg_item *stack);
/* "deposit (bank.c:14)", for sentences. */
const char *vg_words(const struct vg_place *p, char *text, size_t size);
/* NUMBER counts threads from 1, as Helgrind and DRD do. */
struct finding_thread *vg_add_thread(struct finding *f, int number,
                                     const char *op, const struct vg_place *p);

/* A lock by its variable, else by the line that first used it: Helgrind
 * tells N of them (from 0) in the order in which its text names them. */
void vg_name_lock(const struct vg_translator *t, const struct vg_record *r,
                  uint64_t address, size_t n, char name[VG_NAME]);
/* The variable that the record's texts name, or "". */
void vg_name_variable(const struct vg_translator *t, const struct vg_record *r,
                      char name[VG_NAME]);

#endif

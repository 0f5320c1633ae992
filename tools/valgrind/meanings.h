/*
 * Findings from the texts that name a misuse of a lock or condition.
 */
#ifndef RL_VG_MEANINGS_H
#define RL_VG_MEANINGS_H

#include "findings.h"
#include "places.h"

/* Emits what TEXT, said about thread NUMBER (from 1), means. */
void vg_say_meaning(struct vg_translator *t, const struct vg_record *r,
                    const char *text, int number);

/* Adds a thread to the hang of this run; lock NULL: it holds none. */
void vg_note_stuck(struct vg_translator *t, int number,
                   const struct vg_place *p, const char *lock);

#endif

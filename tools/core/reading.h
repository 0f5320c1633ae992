/*
 * Reading the record: who holds what, and names for it all. Used by
 * diagnose.c (waits, leaks) and order.c (lock orders).
 */
#ifndef RL_READING_H
#define RL_READING_H

#include "finding.h"
#include "record.h"
#include "symbols.h"

#include <stdbool.h>

#define NAME_SIZE 160

struct reading {
    const struct record *r;
    struct symbols *s;
};

/* The record lies in the program, which may have written anything over it:
 * what serves as an index or a count is asked for here, never read there. */
uint32_t reading_threads(const struct reading *v); /* slots in use */
uint32_t reading_held(const struct record_thread *t);
/* NULL: there is no such slot. */
const struct record_thread *reading_slot(const struct reading *v,
                                         uint32_t slot);
/* NULL if nothing is known about address. */
const struct record_object *reading_object(const struct reading *v,
                                           uint64_t address);
/* It has begun and not ended, or is about to begin. */
bool reading_alive(const struct record_thread *t);
/* t really holds that entry: nobody has unlocked it since. */
bool reading_holds(const struct reading *v, const struct record_thread *t,
                   const struct record_held *h);

/* The place of a call, from its return address. */
void reading_place(const struct reading *v, uint64_t pc,
                   struct symbols_place *p);
/* "bank.c:31", or "bank.c:31, called from line 52" if the call is not in the
 * thread's first function, or "an unknown place". Returns text. */
char *reading_at(const struct reading *v, uint64_t pc, uint64_t via,
                 char text[NAME_SIZE]);
/* "accounts[1].lock", or "mutex #2" for one that is no global variable. */
char *reading_name(const struct reading *v, uint64_t object,
                   char text[NAME_SIZE]);
/* The start function, "main", or NULL. */
const char *reading_role(const struct reading *v,
                         const struct record_thread *t);
/* "thread 1 (transfer_a)" or "main". */
char *reading_who(const struct reading *v, const struct record_thread *t,
                  char text[NAME_SIZE]);

/* The same for the beginning of a sentence: "Thread 1 (transfer_a)". */
char *reading_first(const struct reading *v, const struct record_thread *t,
                    char text[NAME_SIZE]);

/* Adds t to a finding, at pc, with the locks it holds. */
struct finding_thread *reading_add(const struct reading *v, struct finding *f,
                                   const struct record_thread *t,
                                   const char *op, uint64_t pc,
                                   uint64_t object);
/* The call of threads[i] of a finding, made at pc in a function called at
 * via. */
struct reading_call {
    uint64_t pc, via;
};

/* If two of the first n threads of a finding are at one line, they are all
 * in a helper, and its line tells nothing: moves each to where the helper was
 * called. */
void reading_step_out(const struct reading *v, struct finding *f, uint32_t n,
                      const struct reading_call *calls);
/* Prints the finding into the array and frees it. */
void reading_report(json_t *findings, struct finding *f);

#endif

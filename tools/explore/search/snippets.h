/*
 * The parts that generate.c makes programs of.
 */
#ifndef RL_EXPLORE_SEARCH_SNIPPETS_H
#define RL_EXPLORE_SEARCH_SNIPPETS_H

#include "vm.h"

struct gen {
    struct vm_program *p;
    uint64_t state;
    unsigned code;     /* being written */
    unsigned children; /* created by main */
    unsigned budget;   /* steps left in this thread */
    unsigned kinds;    /* set of snippets of this program */
    uint8_t held;      /* mutexes, to nest in order mostly */
};

/* A number below n; true in `percent` of all draws. */
unsigned vm_draw(struct gen *g, unsigned n);
bool vm_chance(struct gen *g, unsigned percent);

/* The next instruction of the code being written; the same with a step, which
 * costs budget. */
struct vm_ins *vm_put(struct gen *g, unsigned op);
struct vm_ins *vm_put_step(struct gen *g, unsigned op, unsigned a);

enum vm_snippet {
    VM_CANCEL,
    VM_LOCK,
    VM_TRY_LOCK,
    VM_BAD_MUTEX,
    VM_WAIT,
    VM_NOTIFY,
    VM_RW,
    VM_SPIN,
    VM_BARRIER,
    VM_SEM,
    VM_ONCE,
    VM_TIME,
    VM_PARK,
    VM_BRANCH,
    VM_SMALL,
    VM_HIDDEN,
    VM_LIVES,
    VM_SNIPPETS
};

/* Each writes a few instructions. VM_SMALL is one step or plain access. */
extern void (*const vm_snippets[VM_SNIPPETS])(struct gen *);

/* Prints reg 0. */
void vm_put_output(struct gen *g);

#endif

/*
 * Programs written by hand for the tests of the search: a few lines of C make
 * a thread's code.
 */
#ifndef TESTS_UNIT_SEARCH_PROGRAMS_H
#define TESTS_UNIT_SEARCH_PROGRAMS_H

#include "../../../tools/explore/search/vm.h"

#include <stdlib.h>
#include <string.h>

static inline void emit(struct vm_program *p, unsigned code, struct vm_ins ins)
{
    if (p->length[code] + 1 >= VM_LENGTH)
        abort();
    p->code[code][p->length[code]++] = ins;
    if (code >= p->ncodes)
        p->ncodes = (uint8_t)(code + 1);
}

static inline void step(struct vm_program *p, unsigned code, enum rl_op op,
                        unsigned a, int imm)
{
    struct vm_ins ins = {.op = VM_STEP, .step = op, .a = a, .imm = imm};

    emit(p, code, ins);
}

/* Code 0: creates threads 1 .. n of codes 1 .. n and joins them. */
static inline void main_of(struct vm_program *p, unsigned n)
{
    for (unsigned i = 1; i <= n; i++)
        step(p, 0, RL_CREATE, 0, (int)i);
    for (unsigned i = 1; i <= n; i++)
        step(p, 0, RL_JOIN, 0, (int)i);
}

static inline void section(struct vm_program *p, unsigned code, unsigned mutex)
{
    step(p, code, RL_MUTEX_LOCK, mutex, 0);
    step(p, code, RL_MUTEX_UNLOCK, mutex, 0);
}

#endif

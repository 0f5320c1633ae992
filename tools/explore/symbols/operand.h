// What the operands of an instruction say. For code_check.c.
#ifndef RL_EXPLORE_OPERAND_H
#define RL_EXPLORE_OPERAND_H

#include "code.h"

enum { REGISTERS = 16 };
enum { RAX = 0, RCX = 2, RDX, RSI, RDI, RBP, RSP, R8, R9, R10, R11 };

struct memory {
    bool thread; // %fs:
    bool rip;
    int64_t disp;
    int base, index; // or -1
};

bool starts(const char *s, const char *with);
bool one_of(const char *name, const char *const *list); // starts with one

// The register that `s` (behind a %) begins with, and its size in bytes; -1
// when it is none of the general ones.
int register_at(const char *s, size_t *size);

bool is_memory(const char *operand);
struct memory memory_of(const char *operand);

// How many bytes the instruction moves, and what it does to its operand i,
// which is memory. A guess errs on the side of few hooks.
long size_of(const struct insn *in);
void direction(const struct insn *in, unsigned i, bool *read, bool *write);

#endif

// Machine code of x86-64 as objdump prints it, and its accesses without hook.
#ifndef RL_EXPLORE_CODE_H
#define RL_EXPLORE_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPERANDS = 3, TEXT = 64 };

struct insn {
    uint64_t at;
    uint64_t about; // the address in objdump's remark, 0 for none
    char name[24];  // without prefixes
    char operand[OPERANDS][TEXT];
    unsigned n;
};

// False for a line that is no instruction.
bool code_parse(const char *line, struct insn *in);

// A variable of a function, where it lies from the frame pointer on.
struct code_local {
    int64_t from, to;
    bool own; // no other thread has business with it: a va_list
};

// One function, whose instructions are in order.
struct code_function {
    const struct insn *in;
    size_t n;
    const struct code_local *local;
    size_t nlocals;
    bool returns_in_memory; // its first argument is where the result goes
};

struct code_asks {
    // True when what lies at a fixed address never changes in a run.
    bool (*constant)(void *ctx, uint64_t addr);
    // True when the function there gets the place of its result.
    bool (*returns_in_memory)(void *ctx, uint64_t addr);
    // An access without hook; `frame` when it is to a variable of the function
    // itself whose address others may know.
    void (*say)(void *ctx, uint64_t at, bool write, bool frame);
    void *ctx;
};

// Says every access, in order, that no hook announces.
void code_check(const struct code_function *f, const struct code_asks *asks);

#endif

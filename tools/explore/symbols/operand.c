// Registers, memory operands, sizes and directions, by the names in the text.

#include "operand.h"

#include <stdlib.h>
#include <string.h>

// 64-bit names, with those of the low 32, 16 and 8 bits behind.
static const char *const names[REGISTERS][4] = {
    {"rax", "eax", "ax", "al"},      {"rbx", "ebx", "bx", "bl"},
    {"rcx", "ecx", "cx", "cl"},      {"rdx", "edx", "dx", "dl"},
    {"rsi", "esi", "si", "sil"},     {"rdi", "edi", "di", "dil"},
    {"rbp", "ebp", "bp", "bpl"},     {"rsp", "esp", "sp", "spl"},
    {"r8", "r8d", "r8w", "r8b"},     {"r9", "r9d", "r9w", "r9b"},
    {"r10", "r10d", "r10w", "r10b"}, {"r11", "r11d", "r11w", "r11b"},
    {"r12", "r12d", "r12w", "r12b"}, {"r13", "r13d", "r13w", "r13b"},
    {"r14", "r14d", "r14w", "r14b"}, {"r15", "r15d", "r15w", "r15b"}};

int register_at(const char *s, size_t *size)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789");

    for (int r = 0; r < REGISTERS; r++)
        for (int i = 0; i < 4; i++)
            if (strlen(names[r][i]) == n && !strncmp(s, names[r][i], n)) {
                *size = 8u >> i;
                return r;
            }
    *size = 0;
    return -1;
}

bool starts(const char *s, const char *with)
{
    return !strncmp(s, with, strlen(with));
}

bool one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (starts(name, *list))
            return true;
    return false;
}

bool is_memory(const char *operand)
{
    if (operand[0] == '%') // %st(1) is a register
        return strchr(operand, ':');
    return strchr(operand, '(');
}

struct memory memory_of(const char *s)
{
    struct memory m = {.base = -1, .index = -1};
    const char *open = strchr(s, '('), *comma;
    size_t size;

    s += *s == '*';
    if (*s == '%') {
        m.thread = starts(s, "%fs:");
        s = strchr(s, ':') + 1;
    }
    if (*s == '-')
        m.disp = -(int64_t)strtoull(s + 1, NULL, 16);
    else
        m.disp = (int64_t)strtoull(s, NULL, 16);
    if (!open)
        return m;
    m.rip = starts(open, "(%rip");
    if (open[1] == '%')
        m.base = register_at(open + 2, &size);
    comma = strchr(open, ',');
    if (comma && comma[1] == '%')
        m.index = register_at(comma + 2, &size);
    return m;
}

long size_of(const struct insn *in)
{
    const char *name = in->name;
    char last = name[0] ? name[strlen(name) - 1] : 0;
    size_t size;

    if (name[0] == 'f') {
        bool whole = starts(name, "fi");

        if (last == 't')
            return 10;
        if (strstr(name, "ll"))
            return 8;
        return last == 's' ? (whole ? 2 : 4) : (whole ? 4 : 8);
    }
    if (starts(name, "movz") || (starts(name, "movs") && strlen(name) == 6))
        return name[4] == 'b' ? 1 : name[4] == 'w' ? 2 : 4;
    if (starts(name, "set"))
        return 1;
    for (unsigned i = 0; i < in->n; i++) {
        if (in->operand[i][0] != '%' || is_memory(in->operand[i]))
            continue;
        if (starts(in->operand[i], "%xmm")) {
            if (starts(name, "cvtsi2"))
                return last == 'q' ? 8 : 4;
            if (strstr(name, "ss") || !strcmp(name, "movd"))
                return 4;
            if (strstr(name, "sd") || !strcmp(name, "movq") ||
                starts(name, "movl") || starts(name, "movh"))
                return 8;
            return 16;
        }
        if (starts(in->operand[i], "%ymm"))
            return 32;
        if (register_at(in->operand[i] + 1, &size) >= 0)
            return (long)size;
    }
    return last == 'b' ? 1 : last == 'w' ? 2 : last == 'l' ? 4 : 8;
}

void direction(const struct insn *in, unsigned i, bool *read, bool *write)
{
    static const char *const only_reads[] = {
        "cmp",  "test", "push", "call",  "jmp",     "bt",   "ucomis", "comis",
        "mul",  "imul", "div",  "idiv",  "fld",     "fild", "fadd",   "fsub",
        "fmul", "fdiv", "fcom", "fucom", "ldmxcsr", NULL};
    static const char *const only_writes[] = {
        "mov",     "set", "pop",   "fst",     "fist", "fnst", "stos",
        "stmxcsr", "cvt", "pextr", "extract", "vmov", NULL};
    const char *name = in->name;
    bool last = i + 1 == in->n;

    *read = *write = false;
    if (!last && strcmp(name, "xchg"))
        *read = true;
    else if (starts(name, "cmpxchg") || !strcmp(name, "xchg"))
        *read = *write = true;
    else if (one_of(name, only_reads))
        *read = true;
    else if (one_of(name, only_writes))
        *write = true;
    else
        *read = *write = true;
}

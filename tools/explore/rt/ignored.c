// Does anybody look at what a call returns? Told from the instructions that
// follow it, as compilers write them without optimisation: the result is used
// at once, or the register it is in is written over. What is not known here
// counts as a look, and so does every other processor.
#include "rt.h"

#ifdef __x86_64__

enum { MOST_INSTRUCTIONS = 16, MOST_BRANCHES = 3 };

// Length of a ModRM byte and what belongs to it; 0 when it is not known here
// or its address has rax in it.
static unsigned operand(const uint8_t *p)
{
    unsigned mod = *p >> 6, rm = *p & 7, n = 1;

    if (mod == 3)
        return rm ? 1 : 0;
    if (rm == 0)
        return 0;
    if (rm == 4) { // only what is relative to the stack pointer
        if (p[1] != 0x24)
            return 0;
        n++;
    }
    if (mod == 0)
        return rm == 5 ? n + 4 : n;
    return n + (mod == 1 ? 1 : 4);
}

enum verdict { ON, FORK, IGNORED, LOOKED_AT };

// A move to a register, of `opcode` bytes: rax is written over, or another.
static enum verdict load(const uint8_t **p, unsigned opcode)
{
    const uint8_t *modrm = *p + opcode;
    unsigned n = operand(modrm);

    if (!n)
        return LOOKED_AT;
    if (!(*modrm >> 3 & 7))
        return IGNORED;
    *p = modrm + n;
    return ON;
}

// A move from a register, or of a constant of `more` bytes, to memory.
static enum verdict store(const uint8_t **p, unsigned opcode, unsigned more)
{
    const uint8_t *modrm = *p + opcode;
    unsigned n = operand(modrm);

    if (!n || (!more && !(*modrm >> 3 & 7)))
        return LOOKED_AT;
    *p = modrm + n + more;
    return ON;
}

static enum verdict instruction(const uint8_t **p)
{
    const uint8_t *b = *p;
    unsigned rex = *b == 0x48;

    switch (b[rex]) {
    case 0x90: // nop
        *p += 1 + rex;
        return ON;
    case 0xe8: // a call: what it returns comes to the same place
    case 0xb8: // a constant
        return IGNORED;
    case 0x31: // xor eax, eax
    case 0x33:
        return b[rex + 1] == 0xc0 ? IGNORED : LOOKED_AT;
    case 0xb9: // constants for other registers
    case 0xba:
    case 0xbb:
    case 0xbe:
    case 0xbf:
        *p += rex + 5;
        return rex ? LOOKED_AT : ON;
    case 0x8b:
    case 0x8d:
        return load(p, rex + 1);
    case 0x83: // arithmetic with a constant
        return store(p, rex + 1, 1);
    case 0x0f:
        return b[rex + 1] == 0xb6 || b[rex + 1] == 0xb7 ? load(p, rex + 2)
                                                        : LOOKED_AT;
    case 0x89:
        return store(p, rex + 1, 0);
    case 0xc7:
        return store(p, rex + 1, 4);
    case 0xeb: // jumps
        *p += 2 + (int8_t)b[1];
        return rex ? LOOKED_AT : ON;
    case 0xe9:
        *p += 5 + (int)(b[1] | b[2] << 8 | b[3] << 16 | (unsigned)b[4] << 24);
        return rex ? LOOKED_AT : ON;
    default:
        return b[0] >> 4 == 7 ? FORK : LOOKED_AT; // a jump with a condition
    }
}

// On every way from here?
static bool everywhere(const uint8_t *p, int branches)
{
    enum verdict v = ON;

    for (int i = 0; i < MOST_INSTRUCTIONS && v == ON; i++)
        v = instruction(&p);
    if (v != FORK)
        return v == IGNORED;
    return branches > 0 && everywhere(p + 2, branches - 1) &&
           everywhere(p + 2 + (int8_t)p[1], branches - 1);
}

bool rt_ignored(uintptr_t pc)
{
    return pc >= rt_shm->load_base && pc < rt_shm->image_end &&
           everywhere((const uint8_t *)pc, MOST_BRANCHES);
}

#else

bool rt_ignored(uintptr_t pc)
{
    (void)pc;
    return false;
}

#endif

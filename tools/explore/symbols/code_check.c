// Follows the hooks and the accesses of one function.
//
// A hook gives credit for as many bytes as it announces, an access in the same
// basic block uses it up; the next group of hooks begins anew. An access to
// the function's own frame needs no credit, unless the address of that variable
// leaves the function somewhere in it or a hook speaks of it: then other
// threads may know it. Registers are followed as far as needed to tell frame,
// constants and the place of a result from other memory.

#include "operand.h"

#include <stdlib.h>
#include <string.h>

enum { AREAS = 64, SLOTS = 4, SPILLS = 64, UNLIMITED = 1 << 30 };

enum kind { ANY, FRAME, FIXED, RESULT, NUMBER };

struct value {
    enum kind kind;
    bool exact; // `off` is known
    int64_t off;
};

struct state {
    const struct code_function *f;
    const struct code_asks *asks;
    struct value reg[REGISTERS];
    struct code_local area[AREAS]; // of the frame, that others may know
    size_t nareas;
    struct {
        int64_t off;
        struct value value;
    } spilled[SPILLS]; // places of the frame that hold an address of it
    size_t nspilled;
    int64_t slot[SLOTS]; // of the frame, that hold the place of the result
    size_t nslots;
    long reads, writes; // credit
    long again;         // bytes of an atomic load that has just been made
    bool used;          // since the last hook
    bool entered;       // __tsan_func_entry has been called
    bool checking;      // second pass
    uint64_t *target;   // of jumps, sorted
    size_t ntargets;
};

static struct value address_of(const struct state *s, const struct insn *in,
                               const struct memory *m)
{
    struct value v = {ANY, false, 0};

    if (m->rip)
        return (struct value){FIXED, true, (int64_t)in->about};
    if (m->base >= 0)
        v = s->reg[m->base];
    if (m->index >= 0) {
        if (v.kind == ANY || v.kind == NUMBER)
            v = s->reg[m->index];
    }
    v.off += m->disp;
    return v;
}

static bool in_area(const struct state *s, int64_t off)
{
    for (size_t i = 0; i < s->nareas; i++)
        if (off >= s->area[i].from && off < s->area[i].to)
            return true;
    return false;
}

static void forget(struct state *s)
{
    for (int r = 0; r < REGISTERS; r++)
        if (r != RBP && r != RSP)
            s->reg[r].kind = ANY;
    s->reads = s->writes = s->again = 0;
}

// Others may know the variable at `off` of the frame; where no variable has a
// name, `size` bytes.
static void give_away(struct state *s, int64_t off, long size)
{
    struct code_local area = {off, off + size, false};

    for (size_t i = 0; i < s->f->nlocals; i++)
        if (off >= s->f->local[i].from && off < s->f->local[i].to)
            area = s->f->local[i];
    if (area.own || s->checking || size >= UNLIMITED || in_area(s, area.from) ||
        area.to <= area.from)
        return;
    if (s->nareas < AREAS)
        s->area[s->nareas++] = area;
}

static void hook_called(struct state *s, const char *hook)
{
    bool write = strstr(hook, "write"), read = strstr(hook, "read");
    const char *digits = strpbrk(hook, "0123456789");
    long size = digits ? atol(digits) : UNLIMITED;
    struct value at = s->reg[RDI];

    if (starts(hook, "__tsan_func_entry"))
        s->entered = true;
    if (strstr(hook, "atomic")) {
        // clang 14 makes the call and leaves the load, whose value is unused.
        s->again = strstr(hook, "_load") ? size / 8 : 0;
        return;
    }
    if (!read && !write)
        return;
    if (strstr(hook, "range") && s->reg[RSI].kind == NUMBER)
        size = (long)s->reg[RSI].off;
    if (s->used)
        s->reads = s->writes = 0;
    s->again = 0;
    s->used = false;
    if (read)
        s->reads += size;
    if (write)
        s->writes += size;
    if (at.kind == FRAME && at.exact)
        give_away(s, at.off, size);
}

static bool needs_hook(const struct state *s, const struct insn *in,
                       const struct memory *m, bool *frame)
{
    struct value at = address_of(s, in, m);

    // A thread's own variable is reached so; through a pointer, by another.
    if (m->thread)
        return false;
    if (at.kind == RESULT)
        return false;
    if (at.kind == FIXED && s->asks->constant(s->asks->ctx, (uint64_t)at.off))
        return false;
    *frame = at.kind == FRAME;
    if (*frame)
        return s->entered && at.exact && in_area(s, at.off);
    return true;
}

static void access(struct state *s, const struct insn *in, unsigned i)
{
    struct memory m = memory_of(in->operand[i]);
    long size = size_of(in);
    bool read, write, frame;

    if (!needs_hook(s, in, &m, &frame))
        return;
    direction(in, i, &read, &write);
    if (read && !write && s->again == size) {
        s->again = 0;
        return;
    }
    s->again = 0;
    s->used = true;
    // The last two moves of a copy may overlap: any credit left will do. A part
    // of a word is changed by reading the whole, which the hook of the write
    // announces.
    if (read && s->reads > 0)
        s->reads -= size;
    else if (read && s->writes <= 0 && s->checking)
        s->asks->say(s->asks->ctx, in->at, false, frame);
    if (write && s->writes > 0)
        s->writes -= size;
    else if (write && s->checking)
        s->asks->say(s->asks->ctx, in->at, true, frame);
}

static struct value spilled_at(const struct state *s, int64_t off)
{
    for (size_t i = 0; i < s->nslots; i++)
        if (s->slot[i] == off)
            return (struct value){RESULT, false, 0};
    for (size_t i = 0; i < s->nspilled; i++)
        if (s->spilled[i].off == off)
            return s->spilled[i].value;
    return (struct value){ANY, false, 0};
}

static bool in_local(const struct state *s, int64_t off)
{
    for (size_t i = 0; i < s->f->nlocals; i++)
        if (off >= s->f->local[i].from && off < s->f->local[i].to)
            return true;
    return false;
}

// A register goes to memory: an address of the frame is given away, unless the
// compiler only puts it aside for later.
static void store(struct state *s, const struct insn *in)
{
    struct memory m;
    struct value v;
    size_t size;
    int r;

    if (!starts(in->name, "mov") || in->n != 2 || in->operand[0][0] != '%' ||
        !is_memory(in->operand[1]))
        return;
    r = register_at(in->operand[0] + 1, &size);
    if (r < 0 || size != 8)
        return;
    v = s->reg[r];
    m = memory_of(in->operand[1]);
    if (m.base == RBP && m.index < 0 && !m.thread && !in_local(s, m.disp)) {
        for (size_t i = 0; i < s->nspilled; i++)
            if (s->spilled[i].off == m.disp) {
                s->spilled[i].value = v;
                return;
            }
        if (v.kind == FRAME && s->nspilled < SPILLS) {
            s->spilled[s->nspilled].off = m.disp;
            s->spilled[s->nspilled++].value = v;
        }
    } else if (v.kind == FRAME && v.exact) {
        give_away(s, v.off, 0);
    }
}

static void set_register(struct state *s, const struct insn *in)
{
    const char *from = in->operand[0], *to = in->operand[in->n - 1];
    struct value v = {ANY, false, 0};
    size_t size, from_size = 0;
    int r = to[0] == '%' ? register_at(to + 1, &size) : -1;
    int source = from[0] == '%' ? register_at(from + 1, &from_size) : -1;

    if (r < 0 || r == RBP || r == RSP)
        return;
    if (starts(in->name, "cmp") || starts(in->name, "test") ||
        starts(in->name, "push"))
        return;
    if (starts(in->name, "lea") && is_memory(from)) {
        struct memory m = memory_of(from);

        v = address_of(s, in, &m);
    } else if (starts(in->name, "mov") && from[0] == '$') {
        v = (struct value){NUMBER, true, (int64_t)strtoull(from + 1, NULL, 16)};
    } else if (!strcmp(in->name, "mov") && source >= 0 && size == 8) {
        v = s->reg[source];
    } else if (!strcmp(in->name, "mov") && is_memory(from)) {
        struct memory m = memory_of(from);

        if (m.base == RBP && m.index < 0)
            v = spilled_at(s, m.disp);
    } else if (starts(in->name, "add") || starts(in->name, "sub") ||
               starts(in->name, "and")) {
        v = s->reg[r];
        if (source >= 0 && (v.kind == ANY || v.kind == NUMBER))
            v = s->reg[source];
        if (from[0] == '$' && starts(in->name, "add"))
            v.off += (int64_t)strtoull(from + 1, NULL, 16);
    }
    s->reg[r] = v;
}

// The place of the result is the first argument, kept in the frame.
static void keep_result(struct state *s, const struct insn *in)
{
    struct memory m;

    if (!s->f->returns_in_memory || s->entered || strcmp(in->name, "mov") ||
        in->n != 2 || strcmp(in->operand[0], "%rdi") ||
        !is_memory(in->operand[1]))
        return;
    m = memory_of(in->operand[1]);
    if (m.base == RBP && s->nslots < SLOTS && !s->checking)
        s->slot[s->nslots++] = m.disp;
}

// Functions that only use what they are given during the call.
static bool keeps_nothing(const char *operand)
{
    static const char *const names[] = {"memcpy", "memmove", "memset", NULL};
    const char *name = strchr(operand, '<');

    if (!name++)
        return false;
    if (starts(name, "__wrap_"))
        name += strlen("__wrap_");
    return one_of(name, names);
}

static void give_arguments(struct state *s, uint64_t function)
{
    static const int arguments[] = {RDI, RSI, RDX, RCX, R8, R9};
    bool result = s->asks->returns_in_memory(s->asks->ctx, function);

    for (size_t i = result; i < sizeof arguments / sizeof *arguments; i++) {
        struct value v = s->reg[arguments[i]];

        if (v.kind == FRAME && v.exact)
            give_away(s, v.off, 0);
    }
}

static void call(struct state *s, const struct insn *in)
{
    static const int lost[] = {RAX, RCX, RDX, RSI, RDI, R8, R9, R10, R11};
    const char *hook = strstr(in->operand[0], "__tsan_");

    if (hook)
        hook_called(s, hook);
    else if (!keeps_nothing(in->operand[0]))
        give_arguments(s, strtoull(in->operand[0], NULL, 16));
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++)
        s->reg[lost[i]].kind = ANY;
    if (!hook)
        s->reads = s->writes = s->again = 0;
}

static int by_address(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static bool is_jump(const struct insn *in)
{
    return in->name[0] == 'j' || starts(in->name, "ret") ||
           !strcmp(in->name, "leave");
}

static void find_targets(struct state *s)
{
    for (size_t i = 0; i < s->f->n; i++)
        if (s->f->in[i].name[0] == 'j' && s->f->in[i].operand[0][0] != '*')
            s->target[s->ntargets++] =
                strtoull(s->f->in[i].operand[0], NULL, 16);
    qsort(s->target, s->ntargets, sizeof *s->target, by_address);
}

static void walk(struct state *s)
{
    s->entered = s->used = false;
    s->nspilled = 0;
    for (int r = 0; r < REGISTERS; r++)
        s->reg[r].kind = ANY;
    s->reg[RBP] = (struct value){FRAME, true, 0};
    s->reg[RSP] = (struct value){FRAME, false, 0};
    s->reads = s->writes = s->again = 0;
    for (size_t i = 0; i < s->f->n; i++) {
        const struct insn *in = &s->f->in[i];

        if (bsearch(&in->at, s->target, s->ntargets, sizeof *s->target,
                    by_address))
            forget(s);
        keep_result(s, in);
        store(s, in);
        if (!starts(in->name, "lea") && !starts(in->name, "nop") &&
            !starts(in->name, "prefetch") && !starts(in->name, "endbr"))
            for (unsigned k = 0; k < in->n; k++)
                if (is_memory(in->operand[k]))
                    access(s, in, k);
        if (starts(in->name, "call"))
            call(s, in);
        else if (is_jump(in))
            forget(s);
        else if (in->n)
            set_register(s, in);
        else if (in->name[0] == 'c') // cltq, cqto and their kin
            s->reg[RAX].kind = s->reg[RDX].kind = ANY;
    }
}

void code_check(const struct code_function *f, const struct code_asks *asks)
{
    struct state *s = calloc(1, sizeof *s);

    if (s)
        s->target = calloc(f->n + 1, sizeof *s->target);
    if (!s || !s->target)
        abort();
    s->f = f;
    s->asks = asks;
    find_targets(s);
    walk(s);
    s->checking = true;
    walk(s);
    free(s->target);
    free(s);
}

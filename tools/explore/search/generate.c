/*
 * Programs from a seed. Each takes a few kinds of snippet, so that threads
 * meet on the same objects, and is small enough to enumerate: two or three
 * threads of a few steps. Mistakes are part of it: unlocks without a lock,
 * signals that nobody hears, exits while others run.
 */
#include "vm.h"

#include <string.h>

struct gen {
    struct vm_program *p;
    uint64_t state;
    unsigned code;     /* being written */
    unsigned children; /* created by main */
    unsigned budget;   /* steps left in this thread */
    unsigned kinds;    /* set of snippets of this program */
    uint8_t held;      /* mutexes, to nest in order mostly */
};

static unsigned draw(struct gen *g, unsigned n)
{
    uint64_t x;

    g->state += UINT64_C(0x9e3779b97f4a7c15);
    x = g->state;
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (unsigned)((x ^ (x >> 31)) % n);
}

static bool chance(struct gen *g, unsigned percent)
{
    return draw(g, 100) < percent;
}

static struct vm_ins *put(struct gen *g, unsigned op)
{
    struct vm_program *p = g->p;
    struct vm_ins *ins = &p->code[g->code][p->length[g->code]];

    if (p->length[g->code] + 2 < VM_LENGTH)
        p->length[g->code]++;
    memset(ins, 0, sizeof *ins);
    ins->op = (uint8_t)op;
    return ins;
}

static struct vm_ins *step(struct gen *g, unsigned op, unsigned a)
{
    struct vm_ins *ins = put(g, VM_STEP);

    ins->step = (uint8_t)op;
    ins->a = (uint8_t)a;
    if (g->budget)
        g->budget--;
    return ins;
}

/* Skips what `body` writes if reg 0 is (not) `value`. */
static void unless(struct gen *g, unsigned op, int value,
                   void (*body)(struct gen *))
{
    struct vm_ins *skip = put(g, op);
    unsigned from = g->p->length[g->code];

    skip->imm = (int16_t)value;
    body(g);
    skip->b = (uint8_t)(g->p->length[g->code] - from);
}

static void output(struct gen *g)
{
    struct vm_ins *ins;

    if (chance(g, 50))
        put(g, VM_SET)->imm = (int16_t)(10 * g->code + draw(g, 3));
    ins = step(g, RL_OUTPUT, draw(g, 8) == 0);
    if (g->kinds & 1)
        ins->flags = RL_CANCEL_POINT;
}

static void plain(struct gen *g)
{
    struct vm_ins *ins = put(g, chance(g, 60) ? VM_STORE : VM_LOAD);

    ins->a = (uint8_t)draw(g, 2);
    ins->b = 1;
    ins->dst = 2;
    ins->imm = (int16_t)(g->code + 1);
}

static void atomic(struct gen *g)
{
    static const uint8_t ops[] = {
        RL_ATOMIC_LOAD, RL_ATOMIC_STORE, RL_ATOMIC_RMW, RL_ATOMIC_CAS,
        RL_ATOMIC_LOAD, RL_ATOMIC_STORE, RL_ATOMIC_RMW, RL_ATOMIC_CAS_WEAK};
    struct vm_ins *ins = step(g, ops[draw(g, 8)], draw(g, 2));

    ins->imm = (int16_t)draw(g, 3);
    ins->b = (uint8_t)(1 + draw(g, 3));
    ins->dst = (uint8_t)draw(g, 3);
}

static void small(struct gen *g)
{
    switch (draw(g, 5)) {
    case 0:
    case 1:
        plain(g);
        break;
    case 2:
    case 3:
        atomic(g);
        break;
    default:
        output(g);
    }
}

/* After a load into reg 0: some step only if it saw a value. */
static void branch(struct gen *g)
{
    struct vm_ins *ins = step(g, RL_ATOMIC_LOAD, draw(g, 2));

    ins->dst = 0;
    unless(g, chance(g, 50) ? VM_SKIP_EQ : VM_SKIP_NE, (int)draw(g, 2), small);
}

/* Waits for an atomic to change, once. */
static void park(struct gen *g)
{
    unsigned a = draw(g, 2);
    struct vm_ins *ins = step(g, RL_ATOMIC_LOAD, a), *skip;

    ins->dst = 0;
    skip = put(g, VM_SKIP_NE);
    skip->a = 0;
    skip->imm = 0;
    skip->b = 1;
    step(g, RL_PARK, a)->imm = RL_ATOMIC;
}

static void inside_lock(struct gen *g)
{
    small(g);
    if (chance(g, 20))
        small(g);
}

static void unlock0(struct gen *g)
{
    if (chance(g, 70))
        small(g);
    step(g, RL_MUTEX_UNLOCK, g->held);
}

static void lock(struct gen *g)
{
    unsigned m = draw(g, 2), other = 1 - m;
    bool nest = chance(g, 25);

    step(g, RL_MUTEX_LOCK, m);
    if (nest)
        step(g, RL_MUTEX_LOCK, chance(g, 15) ? m : other);
    inside_lock(g);
    if (nest)
        step(g, RL_MUTEX_UNLOCK, other);
    if (chance(g, 95))
        step(g, RL_MUTEX_UNLOCK, m);
}

static void try_lock(struct gen *g)
{
    unsigned m = draw(g, 2);
    struct vm_ins *ins;

    g->held = (uint8_t)m;
    ins = step(g, chance(g, 60) ? RL_MUTEX_TRYLOCK : RL_MUTEX_TIMEDLOCK, m);
    ins->imm = (int16_t)(10 + 10 * draw(g, 2));
    ins->dst = 0;
    unless(g, VM_SKIP_NE, 0, unlock0);
    if (chance(g, 20)) {
        struct vm_ins *skip = put(g, VM_SKIP_EQ);

        skip->imm = 0;
        skip->b = 1;
        step(g, RL_PARK, m)->imm = RL_MUTEX;
    }
}

static void bad_mutex(struct gen *g)
{
    static const uint8_t ops[] = {RL_MUTEX_UNLOCK, RL_MUTEX_DESTROY,
                                  RL_MUTEX_INIT, RL_MUTEX_CONSISTENT};

    step(g, ops[draw(g, 4)], draw(g, 2));
}

/* while (!flag) wait; or a bare wait. The flag is plain 2, under mutex 0. */
static void wait(struct gen *g)
{
    unsigned c = draw(g, 2), m = chance(g, 95) ? 0 : 1;
    bool bare = chance(g, 30), timed = chance(g, 30);
    struct vm_ins *ins;

    if (chance(g, 95))
        step(g, RL_MUTEX_LOCK, m);
    if (!bare) {
        put(g, VM_SET)->dst = 3;
        g->p->code[g->code][g->p->length[g->code] - 1].imm = 2;
        ins = put(g, VM_LOAD);
        ins->a = 2;
        ins->dst = 0;
        ins = put(g, VM_SKIP_NE);
        ins->imm = 0;
        ins->b = 2;
    }
    ins = step(g, timed ? RL_COND_TIMEDWAIT : RL_COND_WAIT, c);
    ins->b = (uint8_t)m;
    ins->imm = (int16_t)(10 + 10 * draw(g, 2));
    ins->dst = 1;
    if (g->kinds & 1)
        ins->flags = RL_CANCEL_POINT;
    if (!bare) {
        ins = put(g, VM_LOOP);
        ins->a = 3;
        ins->b = 3;
    }
    if (chance(g, 60))
        small(g);
    step(g, RL_MUTEX_UNLOCK, m);
}

static void notify(struct gen *g)
{
    bool locked = chance(g, 70);
    struct vm_ins *ins;

    if (locked)
        step(g, RL_MUTEX_LOCK, 0);
    if (locked && chance(g, 80)) {
        ins = put(g, VM_STORE);
        ins->a = 2;
        ins->b = 3;
        ins->imm = 1;
    }
    step(g, chance(g, 60) ? RL_COND_SIGNAL : RL_COND_BROADCAST, draw(g, 2));
    if (locked)
        step(g, RL_MUTEX_UNLOCK, 0);
    if (chance(g, 6))
        step(g, chance(g, 50) ? RL_COND_DESTROY : RL_COND_INIT, draw(g, 2));
}

static void rw(struct gen *g)
{
    static const uint8_t ops[] = {
        RL_RW_RDLOCK,    RL_RW_RDLOCK,    RL_RW_WRLOCK,      RL_RW_WRLOCK,
        RL_RW_TRYRDLOCK, RL_RW_TRYWRLOCK, RL_RW_TIMEDRDLOCK, RL_RW_TIMEDWRLOCK};
    struct vm_ins *ins = step(g, ops[draw(g, 8)], 0);
    unsigned op = ins->step;

    ins->imm = (int16_t)(10 + 10 * draw(g, 2));
    ins->dst = 0;
    ins = put(g, VM_SKIP_NE);
    ins->imm = 0;
    ins->b = (uint8_t)(g->p->length[g->code]);
    if (op == RL_RW_RDLOCK && chance(g, 15))
        step(g, RL_RW_RDLOCK, 0);
    if (chance(g, 60))
        small(g);
    step(g, RL_RW_UNLOCK, 0);
    if (chance(g, 4))
        step(g, chance(g, 50) ? RL_RW_DESTROY : RL_RW_INIT, 0);
    ins->b = (uint8_t)(g->p->length[g->code] - ins->b);
}

static void spin(struct gen *g)
{
    struct vm_ins *ins =
        step(g, chance(g, 60) ? RL_SPIN_LOCK : RL_SPIN_TRYLOCK, 0);

    ins->dst = 0;
    ins = put(g, VM_SKIP_NE);
    ins->imm = 0;
    ins->b = (uint8_t)(g->p->length[g->code]);
    if (chance(g, 60))
        small(g);
    step(g, RL_SPIN_UNLOCK, 0);
    ins->b = (uint8_t)(g->p->length[g->code] - ins->b);
    if (chance(g, 4))
        step(g, chance(g, 50) ? RL_SPIN_DESTROY : RL_SPIN_INIT, 0);
}

static void barrier(struct gen *g)
{
    struct vm_ins *ins = step(g, RL_BARRIER_ARRIVE, 0);

    ins->dst = (uint8_t)draw(g, 3);
    if (chance(g, 30))
        ins->flags = RL_RESULT_UNUSED;
    if (chance(g, 40))
        small(g);
    if (chance(g, 4))
        step(g, chance(g, 50) ? RL_BARRIER_DESTROY : RL_BARRIER_INIT, 0)->imm =
            2;
}

static void sem(struct gen *g)
{
    static const uint8_t ops[] = {
        RL_SEM_WAIT, RL_SEM_WAIT, RL_SEM_TRYWAIT, RL_SEM_TIMEDWAIT,
        RL_SEM_POST, RL_SEM_POST, RL_SEM_POST,    RL_SEM_GETVALUE};
    struct vm_ins *ins = step(g, ops[draw(g, 8)], draw(g, 2));

    ins->imm = (int16_t)(10 + 10 * draw(g, 2));
    ins->dst = (uint8_t)draw(g, 3);
    if ((g->kinds & 1) && ins->step == RL_SEM_WAIT)
        ins->flags = RL_CANCEL_POINT;
    if (chance(g, 40))
        small(g);
    if (chance(g, 4))
        step(g, chance(g, 50) ? RL_SEM_DESTROY : RL_SEM_INIT, draw(g, 2));
}

static void once(struct gen *g)
{
    struct vm_ins *ins = step(g, RL_ONCE_ENTER, 0);

    ins->dst = 0;
    ins = put(g, VM_SKIP_NE);
    ins->imm = 1;
    ins->b = (uint8_t)(g->p->length[g->code]);
    small(g);
    step(g, chance(g, 90) ? RL_ONCE_DONE : RL_ONCE_RESET, 0);
    ins->b = (uint8_t)(g->p->length[g->code] - ins->b);
}

static void time(struct gen *g)
{
    struct vm_ins *ins;

    if (chance(g, 60)) {
        ins = step(g, RL_SLEEP, 0);
        ins->imm = (int16_t)(10 + 10 * draw(g, 2));
        if (g->kinds & 1)
            ins->flags = RL_CANCEL_POINT;
    } else {
        step(g, RL_CLOCK_READ, 0)->dst = (uint8_t)draw(g, 3);
    }
    if (chance(g, 60))
        small(g);
}

static void cancel(struct gen *g)
{
    switch (draw(g, 4)) {
    case 0:
        step(g, RL_TEST_CANCEL, 0)->flags = RL_CANCEL_POINT;
        break;
    case 1:
        put(g, VM_CANCEL_OFF)->imm = (int16_t)draw(g, 2);
        break;
    default:
        step(g, RL_CANCEL, 0)->imm = (int16_t)(1 + draw(g, g->children));
    }
    if (chance(g, 50))
        small(g);
}

static void hidden(struct gen *g)
{
    static const uint8_t ops[] = {RL_LIBC_READ, RL_LIBC_WRITE, RL_INPUT};
    unsigned op = ops[draw(g, 3)];
    struct vm_ins *ins = step(g, op, op == RL_INPUT ? 2 : 0);

    ins->dst = 0;
    if (chance(g, 40))
        output(g);
}

static void lives(struct gen *g)
{
    unsigned slot = 1 + draw(g, g->children);

    switch (draw(g, 5)) {
    case 0:
        step(g, RL_DETACH, 0)->imm = (int16_t)slot;
        break;
    case 1:
        step(g, RL_TRYJOIN, 0)->imm = (int16_t)slot;
        break;
    case 2:
        step(g, RL_JOIN, 0)->imm = (int16_t)slot;
        break;
    case 3:
        step(g, RL_EXIT, 0)->imm = (int16_t)g->code;
        break;
    default: /* a grandchild, of the last code, which is short */
        if (g->code + 1 < g->p->ncodes)
            step(g, RL_CREATE, 0)->imm = (int16_t)(g->p->ncodes - 1);
    }
}

static void (*const snippets[])(struct gen *) = {
    cancel, lock, try_lock, bad_mutex, wait,   notify, rw,     spin, barrier,
    sem,    once, time,     park,      branch, small,  hidden, lives};

#define NSNIPPETS (sizeof snippets / sizeof snippets[0])

/* Bit i + 1: snippet i; bit 0: there are cancellations. */
static void choose_kinds(struct gen *g)
{
    unsigned n = 2 + draw(g, 3);

    for (unsigned i = 0; i < n; i++) {
        unsigned kind = draw(g, NSNIPPETS);

        g->kinds |= 2u << kind;
        if (snippets[kind] == wait)
            g->kinds |= 2u << 5;
        if (snippets[kind] == bad_mutex)
            g->kinds |= 2u << 1;
        if (snippets[kind] == cancel)
            g->kinds |= 1;
    }
}

static void thread(struct gen *g)
{
    while (g->budget > 0) {
        unsigned kind = draw(g, NSNIPPETS), before = g->budget;

        if (!(g->kinds & (2u << kind)))
            continue;
        snippets[kind](g);
        if (g->budget == before)
            g->budget--;
    }
}

static void setup(struct gen *g)
{
    struct vm_program *p = g->p;

    for (unsigned i = 0; i < 2; i++) {
        static const uint8_t kinds[] = {0,
                                        0,
                                        0,
                                        0,
                                        RL_RECURSIVE,
                                        RL_ERRORCHECK,
                                        RL_ROBUST,
                                        RL_ROBUST | RL_ERRORCHECK};

        p->mutex_kind[i] = kinds[draw(g, 8)];
    }
    p->rwlock_kind[0] = chance(g, 30) ? RL_PREFER_WRITER : 0;
    p->budget.spurious = (uint8_t)draw(g, 2);
    p->budget.early = (uint8_t)draw(g, 2);
    p->budget.weak = (uint8_t)draw(g, 2);
    p->budget.unordered_output = chance(g, 10);
    p->plain_steps = chance(g, 10);
}

static void main_code(struct gen *g)
{
    g->code = 0;
    if (g->kinds & (2u << 8))
        step(g, RL_BARRIER_INIT, 0)->imm = (int16_t)(1 + draw(g, 3));
    if (g->kinds & (2u << 9))
        for (unsigned i = 0; i < 2; i++)
            step(g, RL_SEM_INIT, i)->imm = (int16_t)draw(g, 2);
    for (unsigned i = 1; i <= g->children; i++)
        step(g, RL_CREATE, 0)->imm = (int16_t)i;
    g->budget = draw(g, 3);
    thread(g);
    if (chance(g, 85))
        for (unsigned i = 1; i <= g->children; i++)
            if (chance(g, 95))
                step(g, RL_JOIN, 0)->imm = (int16_t)i;
    if (chance(g, 40))
        output(g);
    if (chance(g, 40))
        step(g, RL_EXIT, 0)->imm = 3;
}

void vm_generate(struct vm_program *p, uint64_t seed)
{
    struct gen g;

    memset(p, 0, sizeof *p);
    memset(&g, 0, sizeof g);
    g.p = p;
    g.state = seed * UINT64_C(0x2545f4914f6cdd1d) + 1;
    g.children = 2 + chance(&g, 40);
    p->ncodes = (uint8_t)(g.children + 2);
    choose_kinds(&g);
    setup(&g);
    for (g.code = 1; g.code <= g.children; g.code++) {
        g.budget = 1 + draw(&g, g.children == 2 ? 5 : 3);
        thread(&g);
    }
    g.code = g.children + 1; /* a grandchild, where one is created */
    put(&g, VM_SELF)->dst = 0;
    if (chance(&g, 50))
        step(&g, RL_OUTPUT, 0);
    main_code(&g);
}

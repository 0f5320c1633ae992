/*
 * A few instructions each, drawn so that threads meet on the same objects.
 * Mistakes are part of it: unlocks without a lock, signals that nobody hears,
 * exits while others run.
 */
#include "snippets.h"

#include <string.h>

unsigned vm_draw(struct gen *g, unsigned n)
{
    uint64_t x;

    g->state += UINT64_C(0x9e3779b97f4a7c15);
    x = g->state;
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (unsigned)((x ^ (x >> 31)) % n);
}

bool vm_chance(struct gen *g, unsigned percent)
{
    return vm_draw(g, 100) < percent;
}

struct vm_ins *vm_put(struct gen *g, unsigned op)
{
    struct vm_program *p = g->p;
    struct vm_ins *ins = &p->code[g->code][p->length[g->code]];

    if (p->length[g->code] + 2 < VM_LENGTH)
        p->length[g->code]++;
    memset(ins, 0, sizeof *ins);
    ins->op = (uint8_t)op;
    return ins;
}

struct vm_ins *vm_put_step(struct gen *g, unsigned op, unsigned a)
{
    struct vm_ins *ins = vm_put(g, VM_STEP);

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
    struct vm_ins *skip = vm_put(g, op);
    unsigned from = g->p->length[g->code];

    skip->imm = (int16_t)value;
    body(g);
    skip->b = (uint8_t)(g->p->length[g->code] - from);
}

void vm_put_output(struct gen *g)
{
    struct vm_ins *ins;

    if (vm_chance(g, 50))
        vm_put(g, VM_SET)->imm = (int16_t)(10 * g->code + vm_draw(g, 3));
    ins = vm_put_step(g, RL_OUTPUT, vm_draw(g, 8) == 0);
    if (g->kinds & 1)
        ins->flags = RL_CANCEL_POINT;
}

static void plain(struct gen *g)
{
    struct vm_ins *ins = vm_put(g, vm_chance(g, 60) ? VM_STORE : VM_LOAD);

    ins->a = (uint8_t)vm_draw(g, 2);
    ins->b = 1;
    ins->dst = 2;
    ins->imm = (int16_t)(g->code + 1);
}

static void atomic(struct gen *g)
{
    static const uint8_t ops[] = {
        RL_ATOMIC_LOAD, RL_ATOMIC_STORE, RL_ATOMIC_RMW, RL_ATOMIC_CAS,
        RL_ATOMIC_LOAD, RL_ATOMIC_STORE, RL_ATOMIC_RMW, RL_ATOMIC_CAS_WEAK};
    struct vm_ins *ins = vm_put_step(g, ops[vm_draw(g, 8)], vm_draw(g, 2));

    ins->imm = (int16_t)vm_draw(g, 3);
    ins->b = (uint8_t)(1 + vm_draw(g, 3));
    ins->dst = (uint8_t)vm_draw(g, 3);
}

static void small(struct gen *g)
{
    switch (vm_draw(g, 5)) {
    case 0:
    case 1:
        plain(g);
        break;
    case 2:
    case 3:
        atomic(g);
        break;
    default:
        vm_put_output(g);
    }
}

/* After a load into reg 0: some step only if it saw a value. */
static void branch(struct gen *g)
{
    struct vm_ins *ins = vm_put_step(g, RL_ATOMIC_LOAD, vm_draw(g, 2));

    ins->dst = 0;
    unless(g, vm_chance(g, 50) ? VM_SKIP_EQ : VM_SKIP_NE, (int)vm_draw(g, 2),
           small);
}

/* Waits for an atomic to change, once. */
static void park(struct gen *g)
{
    unsigned a = vm_draw(g, 2);
    struct vm_ins *ins = vm_put_step(g, RL_ATOMIC_LOAD, a), *skip;

    ins->dst = 0;
    skip = vm_put(g, VM_SKIP_NE);
    skip->a = 0;
    skip->imm = 0;
    skip->b = 1;
    vm_put_step(g, RL_PARK, a)->imm = RL_ATOMIC;
}

static void inside_lock(struct gen *g)
{
    small(g);
    if (vm_chance(g, 20))
        small(g);
}

static void unlock0(struct gen *g)
{
    if (vm_chance(g, 70))
        small(g);
    vm_put_step(g, RL_MUTEX_UNLOCK, g->held);
}

static void lock(struct gen *g)
{
    unsigned m = vm_draw(g, 2), other = 1 - m;
    bool nest = vm_chance(g, 25);

    vm_put_step(g, RL_MUTEX_LOCK, m);
    if (nest)
        vm_put_step(g, RL_MUTEX_LOCK, vm_chance(g, 15) ? m : other);
    inside_lock(g);
    if (nest)
        vm_put_step(g, RL_MUTEX_UNLOCK, other);
    if (vm_chance(g, 95))
        vm_put_step(g, RL_MUTEX_UNLOCK, m);
}

static void try_lock(struct gen *g)
{
    unsigned m = vm_draw(g, 2);
    struct vm_ins *ins;

    g->held = (uint8_t)m;
    ins = vm_put_step(
        g, vm_chance(g, 60) ? RL_MUTEX_TRYLOCK : RL_MUTEX_TIMEDLOCK, m);
    ins->imm = (int16_t)(10 + 10 * vm_draw(g, 2));
    ins->dst = 0;
    unless(g, VM_SKIP_NE, 0, unlock0);
    if (vm_chance(g, 20)) {
        struct vm_ins *skip = vm_put(g, VM_SKIP_EQ);

        skip->imm = 0;
        skip->b = 1;
        vm_put_step(g, RL_PARK, m)->imm = RL_MUTEX;
    }
}

static void bad_mutex(struct gen *g)
{
    static const uint8_t ops[] = {RL_MUTEX_UNLOCK, RL_MUTEX_DESTROY,
                                  RL_MUTEX_INIT, RL_MUTEX_CONSISTENT};

    vm_put_step(g, ops[vm_draw(g, 4)], vm_draw(g, 2));
}

/* while (!flag) wait; or a bare wait. The flag is plain 2, under mutex 0. */
static void wait(struct gen *g)
{
    unsigned c = vm_draw(g, 2), m = vm_chance(g, 95) ? 0 : 1;
    bool bare = vm_chance(g, 30), timed = vm_chance(g, 30);
    struct vm_ins *ins;

    if (vm_chance(g, 95))
        vm_put_step(g, RL_MUTEX_LOCK, m);
    if (!bare) {
        vm_put(g, VM_SET)->dst = 3;
        g->p->code[g->code][g->p->length[g->code] - 1].imm = 2;
        ins = vm_put(g, VM_LOAD);
        ins->a = 2;
        ins->dst = 0;
        ins = vm_put(g, VM_SKIP_NE);
        ins->imm = 0;
        ins->b = 2;
    }
    ins = vm_put_step(g, timed ? RL_COND_TIMEDWAIT : RL_COND_WAIT, c);
    ins->b = (uint8_t)m;
    ins->imm = (int16_t)(10 + 10 * vm_draw(g, 2));
    ins->dst = 1;
    if (g->kinds & 1)
        ins->flags = RL_CANCEL_POINT;
    if (!bare) {
        ins = vm_put(g, VM_LOOP);
        ins->a = 3;
        ins->b = 3;
    }
    if (vm_chance(g, 60))
        small(g);
    vm_put_step(g, RL_MUTEX_UNLOCK, m);
}

static void notify(struct gen *g)
{
    bool locked = vm_chance(g, 70);
    struct vm_ins *ins;

    if (locked)
        vm_put_step(g, RL_MUTEX_LOCK, 0);
    if (locked && vm_chance(g, 80)) {
        ins = vm_put(g, VM_STORE);
        ins->a = 2;
        ins->b = 3;
        ins->imm = 1;
    }
    vm_put_step(g, vm_chance(g, 60) ? RL_COND_SIGNAL : RL_COND_BROADCAST,
                vm_draw(g, 2));
    if (locked)
        vm_put_step(g, RL_MUTEX_UNLOCK, 0);
    if (vm_chance(g, 6))
        vm_put_step(g, vm_chance(g, 50) ? RL_COND_DESTROY : RL_COND_INIT,
                    vm_draw(g, 2));
}

static void rw(struct gen *g)
{
    static const uint8_t ops[] = {
        RL_RW_RDLOCK,    RL_RW_RDLOCK,    RL_RW_WRLOCK,      RL_RW_WRLOCK,
        RL_RW_TRYRDLOCK, RL_RW_TRYWRLOCK, RL_RW_TIMEDRDLOCK, RL_RW_TIMEDWRLOCK};
    struct vm_ins *ins = vm_put_step(g, ops[vm_draw(g, 8)], 0);
    unsigned op = ins->step;

    ins->imm = (int16_t)(10 + 10 * vm_draw(g, 2));
    ins->dst = 0;
    ins = vm_put(g, VM_SKIP_NE);
    ins->imm = 0;
    ins->b = (uint8_t)(g->p->length[g->code]);
    if (op == RL_RW_RDLOCK && vm_chance(g, 15))
        vm_put_step(g, RL_RW_RDLOCK, 0);
    if (vm_chance(g, 60))
        small(g);
    vm_put_step(g, RL_RW_UNLOCK, 0);
    if (vm_chance(g, 4))
        vm_put_step(g, vm_chance(g, 50) ? RL_RW_DESTROY : RL_RW_INIT, 0);
    ins->b = (uint8_t)(g->p->length[g->code] - ins->b);
}

static void spin(struct gen *g)
{
    struct vm_ins *ins =
        vm_put_step(g, vm_chance(g, 60) ? RL_SPIN_LOCK : RL_SPIN_TRYLOCK, 0);

    ins->dst = 0;
    ins = vm_put(g, VM_SKIP_NE);
    ins->imm = 0;
    ins->b = (uint8_t)(g->p->length[g->code]);
    if (vm_chance(g, 60))
        small(g);
    vm_put_step(g, RL_SPIN_UNLOCK, 0);
    ins->b = (uint8_t)(g->p->length[g->code] - ins->b);
    if (vm_chance(g, 4))
        vm_put_step(g, vm_chance(g, 50) ? RL_SPIN_DESTROY : RL_SPIN_INIT, 0);
}

static void barrier(struct gen *g)
{
    struct vm_ins *ins = vm_put_step(g, RL_BARRIER_ARRIVE, 0);

    ins->dst = (uint8_t)vm_draw(g, 3);
    if (vm_chance(g, 30))
        ins->flags = RL_RESULT_UNUSED;
    if (vm_chance(g, 40))
        small(g);
    if (vm_chance(g, 4))
        vm_put_step(g, vm_chance(g, 50) ? RL_BARRIER_DESTROY : RL_BARRIER_INIT,
                    0)
            ->imm = 2;
}

static void sem(struct gen *g)
{
    static const uint8_t ops[] = {
        RL_SEM_WAIT, RL_SEM_WAIT, RL_SEM_TRYWAIT, RL_SEM_TIMEDWAIT,
        RL_SEM_POST, RL_SEM_POST, RL_SEM_POST,    RL_SEM_GETVALUE};
    struct vm_ins *ins = vm_put_step(g, ops[vm_draw(g, 8)], vm_draw(g, 2));

    ins->imm = (int16_t)(10 + 10 * vm_draw(g, 2));
    ins->dst = (uint8_t)vm_draw(g, 3);
    if ((g->kinds & 1) && ins->step == RL_SEM_WAIT)
        ins->flags = RL_CANCEL_POINT;
    if (vm_chance(g, 40))
        small(g);
    if (vm_chance(g, 4))
        vm_put_step(g, vm_chance(g, 50) ? RL_SEM_DESTROY : RL_SEM_INIT,
                    vm_draw(g, 2));
}

static void once(struct gen *g)
{
    struct vm_ins *ins = vm_put_step(g, RL_ONCE_ENTER, 0);

    ins->dst = 0;
    ins = vm_put(g, VM_SKIP_NE);
    ins->imm = 1;
    ins->b = (uint8_t)(g->p->length[g->code]);
    small(g);
    vm_put_step(g, vm_chance(g, 90) ? RL_ONCE_DONE : RL_ONCE_RESET, 0);
    ins->b = (uint8_t)(g->p->length[g->code] - ins->b);
}

static void time(struct gen *g)
{
    struct vm_ins *ins;

    if (vm_chance(g, 60)) {
        ins = vm_put_step(g, RL_SLEEP, 0);
        ins->imm = (int16_t)(10 + 10 * vm_draw(g, 2));
        if (g->kinds & 1)
            ins->flags = RL_CANCEL_POINT;
    } else {
        vm_put_step(g, RL_CLOCK_READ, 0)->dst = (uint8_t)vm_draw(g, 3);
    }
    if (vm_chance(g, 60))
        small(g);
}

static void cancel(struct gen *g)
{
    switch (vm_draw(g, 4)) {
    case 0:
        vm_put_step(g, RL_TEST_CANCEL, 0)->flags = RL_CANCEL_POINT;
        break;
    case 1:
        vm_put(g, VM_CANCEL_OFF)->imm = (int16_t)vm_draw(g, 2);
        break;
    default:
        vm_put_step(g, RL_CANCEL, 0)->imm =
            (int16_t)(1 + vm_draw(g, g->children));
    }
    if (vm_chance(g, 50))
        small(g);
}

static void hidden(struct gen *g)
{
    static const uint8_t ops[] = {RL_LIBC_READ, RL_LIBC_WRITE, RL_INPUT};
    unsigned op = ops[vm_draw(g, 3)];
    struct vm_ins *ins = vm_put_step(g, op, op == RL_INPUT ? 2 : 0);

    ins->dst = 0;
    if (vm_chance(g, 40))
        vm_put_output(g);
}

static void lives(struct gen *g)
{
    unsigned slot = 1 + vm_draw(g, g->children);

    switch (vm_draw(g, 5)) {
    case 0:
        vm_put_step(g, RL_DETACH, 0)->imm = (int16_t)slot;
        break;
    case 1:
        vm_put_step(g, RL_TRYJOIN, 0)->imm = (int16_t)slot;
        break;
    case 2:
        vm_put_step(g, RL_JOIN, 0)->imm = (int16_t)slot;
        break;
    case 3:
        vm_put_step(g, RL_EXIT, 0)->imm = (int16_t)g->code;
        break;
    default: /* a grandchild, of the last code, which is short */
        if (g->code + 1 < g->p->ncodes)
            vm_put_step(g, RL_CREATE, 0)->imm = (int16_t)(g->p->ncodes - 1);
    }
}

void (*const vm_snippets[VM_SNIPPETS])(struct gen *) = {
    [VM_CANCEL] = cancel,
    [VM_LOCK] = lock,
    [VM_TRY_LOCK] = try_lock,
    [VM_BAD_MUTEX] = bad_mutex,
    [VM_WAIT] = wait,
    [VM_NOTIFY] = notify,
    [VM_RW] = rw,
    [VM_SPIN] = spin,
    [VM_BARRIER] = barrier,
    [VM_SEM] = sem,
    [VM_ONCE] = once,
    [VM_TIME] = time,
    [VM_PARK] = park,
    [VM_BRANCH] = branch,
    [VM_SMALL] = small,
    [VM_HIDDEN] = hidden,
    [VM_LIVES] = lives,
};

/*
 * Programs from a seed. Each takes a few kinds of snippet, so that threads
 * meet on the same objects, and is small enough to enumerate: two or three
 * threads of a few steps.
 */
#include "snippets.h"

#include <string.h>

/* Bit i + 1: snippet i; bit 0: there are cancellations. */
static void choose_kinds(struct gen *g)
{
    unsigned n = 2 + vm_draw(g, 3);

    for (unsigned i = 0; i < n; i++) {
        unsigned kind = vm_draw(g, VM_SNIPPETS);

        g->kinds |= 2u << kind;
        if (kind == VM_WAIT)
            g->kinds |= 2u << VM_NOTIFY;
        if (kind == VM_BAD_MUTEX)
            g->kinds |= 2u << VM_LOCK;
        if (kind == VM_CANCEL)
            g->kinds |= 1;
    }
}

static void thread(struct gen *g)
{
    while (g->budget > 0) {
        unsigned kind = vm_draw(g, VM_SNIPPETS), before = g->budget;

        if (!(g->kinds & (2u << kind)))
            continue;
        vm_snippets[kind](g);
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

        p->mutex_kind[i] = kinds[vm_draw(g, 8)];
    }
    p->rwlock_kind[0] = vm_chance(g, 30) ? RL_PREFER_WRITER : 0;
    p->budget.spurious = (uint8_t)vm_draw(g, 2);
    p->budget.early = (uint8_t)vm_draw(g, 2);
    p->budget.weak = (uint8_t)vm_draw(g, 2);
    p->budget.unordered_output = vm_chance(g, 10);
    p->plain_steps = vm_chance(g, 10);
}

static void main_code(struct gen *g)
{
    g->code = 0;
    if (g->kinds & (2u << VM_BARRIER))
        vm_put_step(g, RL_BARRIER_INIT, 0)->imm = (int16_t)(1 + vm_draw(g, 3));
    if (g->kinds & (2u << VM_SEM))
        for (unsigned i = 0; i < 2; i++)
            vm_put_step(g, RL_SEM_INIT, i)->imm = (int16_t)vm_draw(g, 2);
    for (unsigned i = 1; i <= g->children; i++)
        vm_put_step(g, RL_CREATE, 0)->imm = (int16_t)i;
    g->budget = vm_draw(g, 3);
    thread(g);
    if (vm_chance(g, 85))
        for (unsigned i = 1; i <= g->children; i++)
            if (vm_chance(g, 95))
                vm_put_step(g, RL_JOIN, 0)->imm = (int16_t)i;
    if (vm_chance(g, 40))
        vm_put_output(g);
    if (vm_chance(g, 40))
        vm_put_step(g, RL_EXIT, 0)->imm = 3;
}

void vm_generate(struct vm_program *p, uint64_t seed)
{
    struct gen g;

    memset(p, 0, sizeof *p);
    memset(&g, 0, sizeof g);
    g.p = p;
    g.state = seed * UINT64_C(0x2545f4914f6cdd1d) + 1;
    g.children = 2 + vm_chance(&g, 40);
    p->ncodes = (uint8_t)(g.children + 2);
    choose_kinds(&g);
    setup(&g);
    for (g.code = 1; g.code <= g.children; g.code++) {
        g.budget = 1 + vm_draw(&g, g.children == 2 ? 5 : 3);
        thread(&g);
    }
    g.code = g.children + 1; /* a grandchild, where one is created */
    vm_put(&g, VM_SELF)->dst = 0;
    if (vm_chance(&g, 50))
        vm_put_step(&g, RL_OUTPUT, 0);
    main_code(&g);
}

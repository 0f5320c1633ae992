/*
 * The reference: every choice of every thread in every state, plain accesses
 * as steps of their own. It knows nothing of dependence, sleep or order; it
 * shares with the search only the model and the interpreter. A race is a
 * state in which two threads stand at conflicting plain accesses.
 */
#include "vm.h"

#include <stdlib.h>
#include <string.h>

struct state {
    struct vm_state vm;
    struct rl_world *world;
    unsigned thread;  /* where to go on: the next thread, */
    uint64_t choices; /* and what it has left */
};

/* A state's number without what only counts steps. Versions matter to a
 * thread that polls; they differ from state to state otherwise, so they count
 * as the difference to what the poller saw. */
static uint64_t hash_state(const struct state *s)
{
    const struct rl_world *w = s->world;
    uint64_t h = vm_hash(1, &s->vm, sizeof s->vm);

    h = vm_hash(h, &w->now, sizeof w->now);
    h = vm_hash(h, &w->live, sizeof w->live);
    h = vm_hash(h, &w->over, 1);
    for (unsigned t = 0; t < w->nthreads; t++) {
        const struct rl_thread *th = &w->threads[t];
        const struct rl_step *p = &th->pending;
        /* pc and op say which objects the step names */
        int64_t at[2] = {p->op | p->flags << 8, p->arg};

        if (p->op == RL_PARK)
            at[1] -= rl_versions(w, p);
        h = vm_hash(h, at, sizeof at);
        h = vm_hash(h, &th->life,
                    offsetof(struct rl_thread, children) -
                        offsetof(struct rl_thread, life));
        h = vm_hash(h, th->held, th->nheld * sizeof th->held[0]);
    }
    for (unsigned i = 0; i < w->nobjects; i++) {
        struct rl_object o = w->objects[i];

        if (o.class == RL_NO_CLASS)
            continue;
        o.version = o.stirred = 0;
        o.key = i;
        h = vm_hash(h, &o, sizeof o);
    }
    return h;
}

static bool plain_race(const struct rl_world *w)
{
    for (unsigned a = 0; a < w->nthreads; a++) {
        const struct rl_step *sa = &w->threads[a].pending;

        if (!(w->live & RL_BIT(a)) || sa->op != RL_PLAIN_WRITE)
            continue;
        for (unsigned b = 0; b < w->nthreads; b++) {
            const struct rl_step *sb = &w->threads[b].pending;

            if (b != a && (w->live & RL_BIT(b)) &&
                (sb->op == RL_PLAIN_WRITE || sb->op == RL_PLAIN_READ) &&
                sb->refs[0].key == sa->refs[0].key)
                return true;
        }
    }
    return false;
}

static void at_end(const struct vm_program *p, const struct state *s,
                   struct vm_all *all)
{
    if (all->ended)
        all->ended(all->self, &s->vm, s->world);
    vm_set_add(&all->outcomes, vm_outcome(p, &s->vm, s->world));
    if (!s->world->over && s->world->live)
        all->stuck = true;
}

static void restart(struct state *s)
{
    s->thread = 0;
    s->choices = rl_choices(s->world, 0);
}

static bool next_choice(struct state *s, unsigned *choice)
{
    while (!s->choices) {
        if (++s->thread >= s->world->nthreads)
            return false;
        s->choices = rl_choices(s->world, s->thread);
    }
    *choice = (unsigned)__builtin_ctzll(s->choices);
    s->choices &= s->choices - 1;
    return true;
}

static void add_findings(const struct rl_world *w, const struct rl_effect *e,
                         struct vm_all *all)
{
    for (unsigned i = 0; i < e->nfindings; i++) {
        uint64_t f = vm_finding(w, &e->findings[i]);

        if (f)
            vm_set_add(&all->findings, f);
    }
}

struct stack {
    struct state *states;
    size_t room;
};

static struct state *at_depth(struct stack *stack, size_t depth)
{
    if (depth >= stack->room) {
        size_t room = stack->room ? 2 * stack->room : 64;

        stack->states = realloc(stack->states, room * sizeof(struct state));
        if (!stack->states)
            abort();
        for (size_t i = stack->room; i < room; i++) {
            stack->states[i].world = malloc(rl_world_bytes(vm_objects()));
            if (!stack->states[i].world)
                abort();
            rl_world_init(stack->states[i].world, vm_objects(),
                          (struct rl_budget){0});
        }
        stack->room = room;
    }
    return &stack->states[depth];
}

static void walk(const struct vm *vm, uint64_t most, struct vm_all *all,
                 struct stack *stack, struct vm_set *seen)
{
    size_t depth = 0;

    vm_set_add(seen, hash_state(&stack->states[0]));
    for (;;) {
        struct state *s = at_depth(stack, depth), *next;
        struct rl_effect effect;
        unsigned choice;

        if (!next_choice(s, &choice)) {
            if (!depth)
                return;
            depth--;
            continue;
        }
        next = at_depth(stack, depth + 1);
        s = &stack->states[depth];
        next->vm = s->vm;
        rl_world_copy(next->world, s->world);
        vm_apply(vm, &next->vm, next->world, s->thread, choice, &effect);
        add_findings(next->world, &effect, all);
        if (!vm_set_add(seen, hash_state(next)))
            continue;
        restart(next);
        if (++all->states > most || next->vm.broken) {
            all->too_many = true;
            return;
        }
        if (plain_race(next->world))
            all->race = true;
        if (!rl_enabled(next->world))
            at_end(vm->program, next, all);
        else
            depth++;
    }
}

void vm_enumerate(const struct vm_program *p, uint64_t most, struct vm_all *all)
{
    struct vm vm = {p, true, NULL, NULL};
    struct stack stack = {NULL, 0};
    struct vm_set seen;
    struct state *first;

    memset(&seen, 0, sizeof seen);
    first = at_depth(&stack, 0);
    rl_world_init(first->world, vm_objects(), p->budget);
    vm_begin(&vm, &first->vm, first->world);
    restart(first);
    walk(&vm, most, all, &stack, &seen);
    for (size_t i = 0; i < stack.room; i++)
        free(stack.states[i].world);
    free(stack.states);
    vm_set_free(&seen);
}

void vm_all_free(struct vm_all *all)
{
    vm_set_free(&all->outcomes);
    vm_set_free(&all->findings);
}

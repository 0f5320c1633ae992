// Loops that wait. A thread that comes back to the same point with the same
// registers and the same bytes in all its frames, and has changed nothing on
// the way, will do exactly the same again until something that it read has
// changed: it is parked until then. It may have taken locks and given them
// back, if nothing was changed under them (section.c). A bounded retry counts
// in a register or in a frame and is never parked.
#include "rt.h"

#include <string.h>

enum { MOST_BETWEEN_HEADS = 64 };

// What a visit to a point looks like, registers and frames in one number.
// The runtime is compiled so that it leaves the callee-saved registers alone
// (build.mk); what is in them now is the program's.
static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9fb21c651e98df25u;
    return h ^ h >> 32;
}

// False where they are not left alone, and nothing can be told.
static bool registers(uint64_t *all)
{
#ifdef RT_FIXED_REGISTERS
    uint64_t r[10];
    uint64_t h = 1;
    int n = 0;

#define READ(name)                                                             \
    do {                                                                       \
        register uint64_t v __asm__(name);                                     \
        __asm__ volatile("" : "=r"(v));                                        \
        r[n++] = v;                                                            \
    } while (0)
#if defined(__x86_64__)
    READ("rbx");
    READ("r12");
    READ("r13");
    READ("r14");
    READ("r15");
#elif defined(__aarch64__)
    READ("x19");
    READ("x20");
    READ("x21");
    READ("x22");
    READ("x23");
    READ("x24");
    READ("x25");
    READ("x26");
    READ("x27");
    READ("x28");
#endif
#undef READ
    while (n-- > 0)
        h = mix(h, r[n]);
    *all = h;
    return true;
#else
    (void)all;
    return false;
#endif
}

static uint64_t state_of(const struct rt_thread *t, uint64_t regs, uintptr_t pc)
{
    uint64_t h = mix(regs, pc), word;
    const char *p = (const char *)(t->sp & ~(uintptr_t)7);

    for (; p + 8 <= (const char *)t->base; p += 8) {
        memcpy(&word, p, 8);
        h = mix(h, word);
    }
    return mix(h, (uintptr_t)t->sp);
}

static bool can_wait_there(unsigned op)
{
    switch (op) {
    case RL_ATOMIC_LOAD:
    case RL_ATOMIC_CAS:
    case RL_ATOMIC_CAS_WEAK:
    case RL_ATOMIC_RMW:
    case RL_MUTEX_TRYLOCK:
    case RL_RW_TRYRDLOCK:
    case RL_RW_TRYWRLOCK:
    case RL_SPIN_TRYLOCK:
    case RL_SEM_TRYWAIT:
    case RL_SEM_GETVALUE:
    case RL_TRYJOIN:
    case RL_YIELD:
    case RL_SLEEP:
        return true;
    default:
        return false;
    }
}

bool rt_takes_lock(unsigned op)
{
    return op == RL_MUTEX_LOCK || op == RL_SPIN_LOCK || op == RL_RW_RDLOCK ||
           op == RL_RW_WRLOCK;
}

bool rt_gives_lock(unsigned op)
{
    return op == RL_MUTEX_UNLOCK || op == RL_SPIN_UNLOCK || op == RL_RW_UNLOCK;
}

// Not the locks of work that gets on: their frames need not be looked at.
static bool comes_again(struct rt_thread *t)
{
    bool again = t->at_a_lock == t->effects + 1;

    t->at_a_lock = t->effects + 1;
    return again;
}

// With all that it holds.
static uint64_t locks_of(const struct rt_thread *t, uint64_t h)
{
    const struct rl_thread *m = &rt_world->threads[t->id];

    for (unsigned i = 0; i < m->nheld; i++)
        h = mix(h, (uint64_t)m->held[i].id << 32 | m->held[i].depth);
    return h;
}

// A lock taken and given back on the way must not be held while it waits.
static bool holds_none_of(const struct rt_thread *t, const struct rt_loop *l)
{
    const struct rl_thread *m = &rt_world->threads[t->id];

    for (unsigned i = 0; i < l->nrefs; i++)
        for (unsigned k = 0; k < m->nheld; k++)
            if (l->refs[i].stirs && l->refs[i].id == m->held[k].id)
                return false;
    return true;
}

// A loop may have a way in: if the head does not come back, a later point is
// the head, twice as long (Brent, BIT 1980, section 7).
static void new_head(struct rt_loop *l, uint64_t state)
{
    uint32_t limit = l->on ? 2 * l->limit : 1;

    if (limit > MOST_BETWEEN_HEADS)
        limit = MOST_BETWEEN_HEADS;
    *l = (struct rt_loop){.on = true, .limit = limit, .state = state};
}

// Is the thread about to go round again? Then *park waits for a change.
bool rt_loop_visit(struct rt_thread *t, const struct rl_step *s, uintptr_t pc,
                   struct rl_step *park)
{
    struct rt_loop *l = &t->loop;
    uint64_t regs;

    if (rt_takes_lock(s->op) ? !comes_again(t) : !can_wait_there(s->op))
        return false;
    if (!registers(&regs) || !t->sp || t->sp > t->base)
        return false;
    regs = locks_of(t, state_of(t, regs, pc));
    if (!l->on || (l->state != regs && ++l->visits >= l->limit)) {
        new_head(l, regs);
        return false;
    }
    if (l->state != regs || !l->nrefs || l->many)
        return false;
    if (!holds_none_of(t, l)) {
        l->on = false;
        return false;
    }
    *park = rl_step(RL_PARK);
    park->place = s->place;
    for (unsigned i = 0; i < l->nrefs; i++) {
        const struct rl_ref *r = &l->refs[i];

        rl_ref_id(rt_world, park, r->class, r->key, r->kind, r->id);
        park->refs[park->nrefs - 1].stirs = r->stirs;
        park->arg += l->version[i];
        if (r->stirs)
            rt_section_waited(t, r->id, pc);
    }
    l->on = false;
    return true;
}

static void depends_on(struct rt_thread *t, const struct rl_ref *r, bool stirs)
{
    struct rt_loop *l = &t->loop;
    const struct rl_object *o;

    if (!l->on || r->id == RL_NO_ID)
        return;
    for (unsigned i = 0; i < l->nrefs; i++)
        if (l->refs[i].id == r->id && l->refs[i].stirs == stirs)
            return;
    if (l->nrefs == RL_REFS) {
        l->many = true;
        return;
    }
    o = &rt_world->objects[r->id];
    l->refs[l->nrefs] = *r;
    l->refs[l->nrefs].stirs = stirs;
    l->version[l->nrefs++] = stirs ? o->stirred : o->version;
}

// A step without effect: it read these objects as they are now.
void rt_loop_read(struct rt_thread *t, const struct rl_step *s)
{
    if (s->nrefs)
        depends_on(t, &s->refs[0], false);
}

// It took this lock, and what it sees then only another section can change
// that is not quiet.
void rt_loop_locked(struct rt_thread *t, const struct rl_step *s)
{
    depends_on(t, &s->refs[0], true);
}

void rt_loop_broken(struct rt_thread *t)
{
    t->loop.on = false;
}

enum { LONGEST_ROUND = 512 };

// The same for a loop over plain accesses, at one of them: after very many
// without a point the state of this access is kept, and if it comes back
// within a round nothing was changed in between.
enum rt_round rt_plain_round(struct rt_thread *t, bool changes, uintptr_t pc)
{
    uint64_t regs;

    if (changes || !registers(&regs) || !t->sp || t->sp > t->base)
        return RT_GETS_ON;
    regs = state_of(t, regs, pc);
    if (!t->rounding) {
        t->rounding = 1;
        t->round_head = regs;
        return RT_LOOKING;
    }
    if (regs == t->round_head)
        return RT_SPINS;
    return ++t->rounding > LONGEST_ROUND ? RT_GETS_ON : RT_LOOKING;
}

// Critical sections that change nothing: those of a loop that looks under a
// lock, or takes one, fails to get a second and gives the first back. Another
// such section more or less is seen by nobody, so it wakes no loop that waits
// for what the lock protects (loop.c), and a loop may have them in its rounds.
//
// One thing sees them: a try at the lock by another thread. A run in which a
// loop waits after such a section and another thread tries that lock says so
// (`blurred`): more rounds could show what this run does not.
#include "rt.h"

static uint64_t waited[RX_MAX_OBJECTS]; // threads that wait in such a loop
static uint64_t tried[RX_MAX_OBJECTS];  // threads that try the lock

// After a step that took or released locks: where each section began.
void rt_section_keep(struct rt_thread *t)
{
    const struct rl_thread *m = &rt_world->threads[t->id];
    struct rt_section now[RL_HELD];

    for (unsigned i = 0; i < m->nheld; i++) {
        now[i] = (struct rt_section){m->held[i].id, t->effects};
        for (unsigned k = 0; k < t->nsections; k++)
            if (t->section[k].lock == now[i].lock)
                now[i] = t->section[k];
    }
    t->nsections = m->nheld;
    for (unsigned i = 0; i < m->nheld; i++)
        t->section[i] = now[i];
}

bool rt_section_quiet(const struct rt_thread *t, uint32_t lock)
{
    for (unsigned i = 0; i < t->nsections; i++)
        if (t->section[i].lock == lock)
            return t->section[i].effects == t->effects;
    return false;
}

static void meet(uint32_t lock, uintptr_t pc)
{
    struct rx_result *r = &rt_shm->result;

    for (uint64_t w = waited[lock]; w; w &= w - 1)
        if (tried[lock] & ~(w & -w) && !r->blurred_pc) {
            r->blurred_pc = pc;
            r->blurred = lock;
        }
}

void rt_section_waited(struct rt_thread *t, uint32_t lock, uintptr_t pc)
{
    waited[lock] |= RL_BIT(t->id);
    meet(lock, pc);
}

void rt_section_tried(struct rt_thread *t, const struct rl_step *s,
                      uintptr_t pc)
{
    switch (s->op) {
    case RL_MUTEX_TRYLOCK:
    case RL_MUTEX_TIMEDLOCK:
    case RL_RW_TRYRDLOCK:
    case RL_RW_TRYWRLOCK:
    case RL_RW_TIMEDRDLOCK:
    case RL_RW_TIMEDWRLOCK:
    case RL_SPIN_TRYLOCK:
        tried[s->refs[0].id] |= RL_BIT(t->id);
        meet(s->refs[0].id, pc);
        break;
    default:
        break;
    }
}

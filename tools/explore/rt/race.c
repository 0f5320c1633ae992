// The bridge to the race clock: which steps order which threads, and which
// accesses to tell it about. Only what C11 and POSIX promise is an edge;
// that a schedule happened to run one thread after another is none.
#include "hb.h"
#include "rt.h"

#include <string.h>

struct clocks {     // of one object of the model
    struct hb_vc a; // a reader of a rwlock releases into b
    struct hb_vc b;
    uint32_t round[2]; // a barrier uses both, by turns
};
struct clocks rt_clocks[RX_MAX_OBJECTS] RT_FAR;

static uint32_t ncontexts = 1;
static bool stack_met; // a thread has touched another's

static enum rx_act act_of(enum hb_op op)
{
    switch (op) {
    case HB_READ:
        return RX_READS;
    case HB_FREE:
        return RX_FREES;
    case HB_LOAD_SC:
    case HB_LOAD_WEAK:
        return RX_READS_ATOMIC;
    case HB_WRITE:
        return RX_WRITES;
    default:
        return RX_WRITES_ATOMIC;
    }
}

static void add_side(struct rx_finding *f, const struct hb_side *side)
{
    const struct rx_context *c = &rt_shm->context[side->ctx];
    struct rx_party *p = rt_party(f, side->thread, act_of(side->op),
                                  RX_NO_OBJECT, (uintptr_t)side->pc);

    if (!p)
        return;
    p->nlocks = (uint8_t)c->nlocks;
    memcpy(p->locks, c->locks, sizeof p->locks);
}

static void on_race(const struct hb_race *race)
{
    bool freed = race->now.op == HB_FREE;
    struct rx_finding *f = rt_finding(RX_DATA_RACE, freed, RX_NO_OBJECT);

    if (!f)
        return;
    f->addr = (uintptr_t)race->addr;
    f->size = race->now.size;
    rt_block_of(f->addr, &f->alloc_pc, &f->alloc_offset);
    add_side(f, &race->now);
    add_side(f, &race->before);
    rt_debug_found((uintptr_t)race->now.pc);
}

void rt_race_begin(void)
{
    char *base = (char *)rt_shm;

    ncontexts = 1;
    hb_share(rt_shm->job.record ? (void *)(base + rt_shm->share_at) : NULL);
    hb_start(0, on_race);
    stack_met = false;
    rt_threads[0].hb = 0;
}

// What the thread holds now, as a number that the race clock keeps with its
// accesses.
static void new_context(struct rt_thread *t)
{
    const struct rl_thread *m = &rt_world->threads[t->id];
    struct rx_context c = {0};
    uint32_t n;

    for (unsigned i = 0; i < m->nheld && i < RX_MAX_LOCKS; i++)
        c.locks[c.nlocks++] = m->held[i].id;
    if (!c.nlocks) {
        hb_context(t->hb, 0);
        return;
    }
    for (n = ncontexts; n-- > 1 && n + 32 > ncontexts;)
        if (!memcmp(&rt_shm->context[n], &c, sizeof c)) {
            hb_context(t->hb, n);
            return;
        }
    if (ncontexts == RX_MAX_CONTEXTS)
        return;
    rt_shm->context[ncontexts] = c;
    hb_context(t->hb, ncontexts++);
}

static void threads_step(struct rt_thread *t, const struct rx_event *ev)
{
    struct rt_thread *other;

    switch (ev->step.op) {
    case RL_CREATE:
        if (ev->result)
            return;
        other = &rt_threads[ev->child];
        other->hb = hb_fork(t->hb, ev->child);
        if (other->hb < 0)
            rt_unsupported("too many threads for the race clock", ev->pc);
        if (ev->step.flags & RL_DETACHED)
            hb_detach(other->hb);
        break;
    case RL_END:
        hb_end(t->hb);
        break;
    case RL_JOIN:
    case RL_TRYJOIN:
        if (!ev->result)
            hb_join(t->hb, rt_threads[ev->step.arg].hb);
        break;
    case RL_DETACH:
        if (!ev->result)
            hb_detach(rt_threads[ev->step.arg].hb);
        break;
    }
}

static bool took(const struct rx_event *ev)
{
    return ev->result == 0 || ev->result == 130; // EOWNERDEAD
}

static void barrier_step(struct rt_thread *t, const struct rx_event *ev,
                         struct clocks *c)
{
    unsigned which = ev->round & 1;
    struct hb_vc *vc = which ? &c->b : &c->a;

    if (ev->step.op == RL_BARRIER_ARRIVE) {
        if (c->round[which] != ev->round + 1)
            hb_clear_vc(vc);
        c->round[which] = ev->round + 1;
        hb_release(t->hb, vc);
    } else {
        hb_acquire(t->hb, vc);
    }
}

static void rwlock_step(struct rt_thread *t, const struct rx_event *ev,
                        struct clocks *c, bool was_shared)
{
    switch (ev->step.op) {
    case RL_RW_WRLOCK:
    case RL_RW_TRYWRLOCK:
    case RL_RW_TIMEDWRLOCK:
        if (took(ev))
            hb_acquire(t->hb, &c->b);
        /* fall through */
    case RL_RW_RDLOCK:
    case RL_RW_TRYRDLOCK:
    case RL_RW_TIMEDRDLOCK:
        if (took(ev))
            hb_acquire(t->hb, &c->a);
        break;
    case RL_RW_UNLOCK:
        hb_release(t->hb, was_shared ? &c->b : &c->a);
        break;
    }
}

static bool tries(enum rl_op op)
{
    return op == RL_MUTEX_TRYLOCK || op == RL_SPIN_TRYLOCK ||
           op == RL_SEM_TRYWAIT || op == RL_RW_TRYRDLOCK ||
           op == RL_RW_TRYWRLOCK || op == RL_SEM_GETVALUE ||
           op == RL_COND_SIGNAL;
}

void rt_race_step(struct rt_thread *t, const struct rx_event *ev,
                  const struct rl_effect *e)
{
    const struct rl_ref *ref = ev->step.refs;
    struct clocks *c;

    threads_step(t, ev);
    if (!ev->step.nrefs || ref->id >= RX_MAX_OBJECTS)
        return;
    c = &rt_clocks[ref->id];
    if (tries(ev->step.op))
        hb_unordered((void *)(uintptr_t)rt_shm->result.object[ref->id].addr);
    switch (ev->step.op) {
    case RL_MUTEX_LOCK:
    case RL_MUTEX_TRYLOCK:
    case RL_MUTEX_TIMEDLOCK:
    case RL_COND_RELOCK:
    case RL_SPIN_LOCK:
    case RL_SPIN_TRYLOCK:
    case RL_SEM_WAIT:
    case RL_SEM_TRYWAIT:
    case RL_SEM_TIMEDWAIT:
        if (took(ev) || ev->step.op == RL_COND_RELOCK)
            hb_acquire(t->hb, &c->a);
        break;
    case RL_MUTEX_UNLOCK:
    case RL_SPIN_UNLOCK:
    case RL_SEM_POST:
    case RL_ONCE_DONE:
    case RL_ABANDON:
        hb_release(t->hb, &c->a);
        break;
    case RL_COND_WAIT:
    case RL_COND_TIMEDWAIT:
        if (!e->done)
            hb_release(t->hb, &rt_clocks[ref[1].id].a);
        break;
    case RL_ONCE_ENTER:
        hb_acquire(t->hb, &c->a);
        break;
    case RL_BARRIER_ARRIVE:
    case RL_BARRIER_LEAVE:
        barrier_step(t, ev, c);
        break;
    case RL_MUTEX_INIT:
    case RL_RW_INIT:
    case RL_SPIN_INIT:
    case RL_SEM_INIT:
    case RL_BARRIER_INIT:
        memset(c, 0, sizeof *c);
        break;
    default:
        rwlock_step(t, ev, c, t->was_shared);
    }
    new_context(t);
    if (hb_exhausted())
        rt_unsupported("more memory than the race clock may use", ev->pc);
}

// Stacks of threads are in one place; main's is around where it began.
static bool on_stack_of_another(uintptr_t addr)
{
    static const size_t below = 8 << 20, above = 1 << 20;
    int of = rt_stack_of(addr);

    if (of >= 0)
        return of != (int)rt_self->id;
    return rt_self->id && addr - rt_shm->main_stack + below < below + above;
}

void rt_race_access(uintptr_t addr, size_t size, bool write, uintptr_t pc)
{
    if (!stack_met && on_stack_of_another(addr)) {
        stack_met = true;
        hb_stack_met();
    }
    hb_access(rt_self->hb, write ? HB_WRITE : HB_READ, (void *)addr, size,
              (void *)pc);
}

bool rt_race_shared(uintptr_t addr, size_t size)
{
    char *base = (char *)rt_shm;

    return hb_touched((void *)(base + rt_shm->frozen_at), (void *)addr, size);
}

bool rt_race_seen(uintptr_t addr, size_t size)
{
    return hb_shared((void *)addr, size);
}

void rt_race_fresh(const void *addr, size_t size)
{
    hb_new_owner(addr, size);
}

void rt_race_free(const void *addr, size_t size, uintptr_t pc)
{
    if (rt_self && size)
        hb_free(rt_self->hb, addr, size, (void *)pc);
}

void rt_race_load(uintptr_t addr, size_t size, int order, uintptr_t pc)
{
    hb_load(rt_self->hb, (void *)addr, size, order, (void *)pc);
}

void rt_race_store(uintptr_t addr, size_t size, int order, uintptr_t pc)
{
    hb_store(rt_self->hb, (void *)addr, size, order, (void *)pc);
}

void rt_race_rmw(uintptr_t addr, size_t size, int order, uintptr_t pc)
{
    hb_rmw(rt_self->hb, (void *)addr, size, order, (void *)pc);
}

void rt_race_fence(int order)
{
    hb_fence(rt_self->hb, order);
}

// The trace of a run: every step, in order, and a hash of it. And the names
// of objects: the model's id of an address, in order of first touch.
#include "rt.h"

#include <string.h>

enum { FIRST_SLOTS = 128, MOST_SLOTS = RX_MAX_OBJECTS * 2 };

// Names in order of first touch, and where each is: an open hash of numbers
// that grows, so that a small run touches little of it.
static struct name {
    uint64_t key;
    uint32_t id;
    uint8_t class;
} names[RX_MAX_OBJECTS];
static uint16_t slots[MOST_SLOTS]; // number of a name, from 1; 0 is free
static unsigned nnames, nslots = FIRST_SLOTS;

static uint16_t *slot_of(enum rl_class class, uint64_t key)
{
    uint64_t h = (key ^ ((uint64_t) class << 57)) * 0x9e3779b97f4a7c15u;

    for (size_t i = h >> 40;; i++) {
        uint16_t *s = &slots[i % nslots];

        if (!*s || (names[*s - 1].key == key && names[*s - 1].class == class))
            return s;
    }
}

static void add_name(enum rl_class class, uint64_t key, uint32_t id)
{
    if (nnames * 2 == nslots) {
        memset(slots, 0, nslots * sizeof *slots);
        nslots *= 2;
        for (unsigned i = 0; i < nnames; i++)
            *slot_of(names[i].class, names[i].key) = (uint16_t)(i + 1);
    }
    names[nnames++] = (struct name){key, id, (uint8_t) class};
    *slot_of(class, key) = (uint16_t)nnames;
}

static void describe(uint32_t id, enum rl_class class, uint64_t addr,
                     uintptr_t pc)
{
    struct rx_object *o = &rt_shm->result.object[id];

    *o = (struct rx_object){
        .addr = addr, .pc = pc, .thread = rt_self->id, .stack_of = -1};
    if (class == RL_THREAD || class == RL_HIDDEN)
        return;
    if (!rt_block_of(addr, &o->alloc_pc, &o->alloc_offset))
        o->stack_of = rt_stack_of(addr);
}

// The name of an address, the same in every process that runs the program:
// what moves with the loader or the kernel is counted from its start.
static uint64_t key_of(uint64_t addr)
{
    if (addr >= rt_shm->load_base && addr < rt_shm->image_end)
        return addr - rt_shm->load_base + (UINT64_C(1) << 56);
    if (addr <= rt_shm->main_stack && rt_shm->main_stack - addr < 8 << 20)
        return rt_shm->main_stack - addr + (UINT64_C(2) << 56);
    return addr;
}

// The model adds objects of its own (process, clock, threads), so the id of
// a new one is asked from it; the table only spares the search later.
void rt_ref(struct rl_step *s, enum rl_class class, uint64_t addr,
            unsigned kind, uintptr_t pc)
{
    uint64_t key = key_of(addr);
    unsigned number = *slot_of(class, key);
    uint32_t id;

    if (number) {
        rl_ref_id(rt_world, s, class, key, kind, names[number - 1].id);
        return;
    }
    rl_ref(rt_world, s, class, key, kind);
    id = s->refs[s->nrefs - 1].id;
    if (id == RL_NO_ID)
        return; // its name is all there is to it
    if (rt_world->full || id >= RX_MAX_OBJECTS - 1)
        rt_unsupported("more than 2,047 objects", pc);
    add_name(class, key, id);
    describe(id, class, addr, pc);
}

// Read first: a fault of a read maps the pages around it too.
static struct rx_event *new_event(struct rx_result *r)
{
    struct rx_event *ev = &rt_shm->event[r->nevents++];

    (void)*(volatile char *)ev;
    (void)*((volatile char *)(ev + 1) - 1);
    memset(ev, 0, sizeof *ev);
    return ev;
}

struct rx_event *rt_event(unsigned thread, unsigned choice, uintptr_t pc)
{
    struct rx_result *r = &rt_shm->result;
    struct rx_event *ev;

    if (r->nevents >= RX_MAX_STEPS)
        rt_stop(RX_END_STEPS);
    ev = new_event(r);
    ev->step = rt_world->threads[thread].pending;
    ev->thread = (uint8_t)thread;
    ev->choice = (uint8_t)choice;
    ev->choices = rl_choices(rt_world, thread);
    ev->enabled = rl_enabled(rt_world);
    ev->pc = pc;
    return ev;
}

struct rx_event *rt_note(unsigned thread, uintptr_t pc)
{
    struct rx_result *r = &rt_shm->result;
    struct rx_event *ev;

    if (r->nevents >= RX_MAX_STEPS)
        rt_stop(RX_END_STEPS);
    ev = new_event(r);
    ev->thread = (uint8_t)thread;
    ev->pc = pc;
    return ev;
}

static void mix(uint64_t v)
{
    uint64_t *h = &rt_shm->result.hash;

    *h = (*h ^ v) * 0x100000001b3u;
    *h ^= *h >> 29;
}

void rt_event_done(struct rx_event *ev, const struct rl_effect *e)
{
    ev->child = e->child;
    ev->result = e->result;
    ev->woke = e->woke;
    ev->round = e->round;
    ev->now = rt_world->now;
    ev->time_moved = e->time_moved;
    ev->step.flags = e->flags;
    mix(ev->thread | (uint64_t)ev->step.op << 8 | (uint64_t)ev->choice << 16 |
        (uint64_t)(uint32_t)e->result << 32);
    for (unsigned i = 0; i < ev->step.nrefs; i++)
        mix(ev->step.refs[i].key ^ ev->step.refs[i].class);
}

void rt_value(uint64_t value)
{
    struct rx_result *r = &rt_shm->result;

    if (rt_on && r->nevents)
        rt_shm->event[r->nevents - 1].value = value;
}

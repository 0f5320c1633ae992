// Records of accesses and sets of them, each stored once and never changed.
#ifndef RL_SHADOW_SET_H
#define RL_SHADOW_SET_H

#include "hb_int.h"

// A byte's state: 0 for untouched, else the index of a record or, with
// STATE_SET, of a set; STATE_SHARED when two threads have touched the byte.
#define STATE_SHARED (1u << 31)
#define STATE_SET (1u << 30)
#define STATE_INDEX (STATE_SET - 1)

// A set keeps at most one access of each kind for a thread.
enum { SET_MAX = HB_THREADS * HB_OPS };

struct record {
    uint64_t epoch; // slot << 32 | its clock
    const void *pc;
    uintptr_t base; // the address, or its last 3 bits where size <= 8
    uint32_t size, name, ctx;
    uint8_t op;
};

enum { RECORDS = 1024, SET_WORDS = 8192, CHUNKS = 1 << 15 };

extern struct record *record_chunks[CHUNKS];
extern uint32_t *set_chunks[CHUNKS];
extern uint32_t set_run; // changes with every start

static inline const struct record *record_at(uint32_t index)
{
    return &record_chunks[index / RECORDS][index % RECORDS];
}

static inline uint64_t epoch_of(const struct hb_thread *th)
{
    return (uint64_t)th->slot << 32 | hb_now(th);
}

// The n records of a state that is not 0; `one` is room for a single one.
static inline const uint32_t *set_of(uint32_t state, uint32_t *one, unsigned *n)
{
    uint32_t index = state & STATE_INDEX;
    const uint32_t *set;

    if (!(state & STATE_SET)) {
        *one = index;
        *n = 1;
        return one;
    }
    set = &set_chunks[index / SET_WORDS][index % SET_WORDS];
    *n = set[0];
    return set + 1;
}

void set_start(void);

// The record of an access that `th` makes now; 0 when memory ran out.
uint32_t record_make(const struct hb_thread *th, enum hb_op op, uintptr_t addr,
                     size_t size, const void *pc);

// The state with these n > 0 records; 0 when memory ran out.
uint32_t set_make(const uint32_t *records, unsigned n);

#endif

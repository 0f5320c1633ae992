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

// Chunks double in size: chunk k holds FIRST << k.
enum { FIRST_RECORDS = 64, FIRST_WORDS = 512, CHUNKS = 24 };

extern struct record *record_chunks[CHUNKS];
extern uint32_t *set_chunks[CHUNKS];
extern uint32_t set_run; // changes with every start

// Which chunk holds item `index`, where in it is left in `index`.
static inline unsigned chunk_of(uint32_t *index, uint32_t first)
{
    unsigned k = 31u - (unsigned)__builtin_clz(*index / first + 1);

    *index -= ((1u << k) - 1) * first;
    return k;
}

static inline const struct record *record_at(uint32_t index)
{
    unsigned k = chunk_of(&index, FIRST_RECORDS);

    return &record_chunks[k][index];
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
    unsigned k;

    if (!(state & STATE_SET)) {
        *one = index;
        *n = 1;
        return one;
    }
    k = chunk_of(&index, FIRST_WORDS);
    set = &set_chunks[k][index];
    *n = set[0];
    return set + 1;
}

bool set_start(void);

// The record of an access that `th` makes now; 0 when memory ran out.
uint32_t record_make(const struct hb_thread *th, enum hb_op op, uintptr_t addr,
                     size_t size, const void *pc);

// The state with these n > 0 records; 0 when memory ran out.
uint32_t set_make(const uint32_t *records, unsigned n);

#endif

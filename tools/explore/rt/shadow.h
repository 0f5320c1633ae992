// Shadow memory: for each byte, the accesses that a later one could race with.
//
// Exact: every byte has its own state, and a state keeps every access that no
// later access makes redundant; nothing is evicted. Pages whose bytes are all
// in one state cost one entry. For hb*.c only.
#ifndef RL_SHADOW_H
#define RL_SHADOW_H

#include "hb_int.h"

// Empties the shadow; its memory comes from hb_mem, reset before. False when
// there is none.
void shadow_tables(void); // or the first start makes them
bool shadow_start(void);

// Checks an access of `th` and records it: more than 0 when it is racy. A race
// is judged by the clock of `th`; two atomics count as unordered by `seen`, the
// clock without the edge that this access itself makes.
int shadow_access(struct hb_thread *th, enum hb_op op, uintptr_t addr,
                  size_t size, const void *pc, const struct hb_vc *seen);

// The list of atomics that may hold the one at `addr`, NULL out of memory.
struct hb_atomic **shadow_atomics(uintptr_t addr);

#endif

// Memory for the race clock: a bump allocator over mmap that never gives back.
//
// Not malloc: the program's malloc is modelled and must not see us. What is
// allocated lives until hb_mem_reset, which starts again with fresh memory.
#ifndef RL_HB_MEM_H
#define RL_HB_MEM_H

#include <stdbool.h>
#include <stddef.h>

// Zeroed, aligned to 16; NULL once memory ran out (hb_mem_exhausted is then
// true for good).
void *hb_mem_alloc(size_t bytes);
bool hb_mem_exhausted(void);
void hb_mem_fail(void); // an index ran out: the same to callers
void hb_mem_reset(void);
void hb_mem_share(void); // as hb_serve says

#endif

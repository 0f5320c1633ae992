// The directory of shadow pages: from an address to the state of its bytes.
// Pages are small, so that a run which touches a few bytes here and there
// touches little shadow: a page fault is dear in a run of a few hundred us.
#ifndef RL_SHADOW_PAGE_H
#define RL_SHADOW_PAGE_H

#include "hb_int.h"

enum {
    PAGE_BITS = 8,
    PAGE_BYTES = 1 << PAGE_BITS,
    ATOMIC_LISTS = 16,
};

struct shadow_page {
    uintptr_t key;   // address >> PAGE_BITS, plus 1; 0 where the entry is free
    uint32_t *cells; // a state for each byte, NULL while all are in `all`
    uint32_t all;
    struct hb_atomic **atomics; // ATOMIC_LISTS of them, or NULL
};

extern struct shadow_page *page_table;
extern size_t page_slots; // a power of two

static inline size_t page_slot(uintptr_t key)
{
    return (key ^ key >> 17) * 0x9e3779b1u & (page_slots - 1);
}

// The page of `addr`, NULL when none of its bytes was ever touched. Stays
// valid until the next page_make.
static inline struct shadow_page *page_find(uintptr_t addr)
{
    uintptr_t key = (addr >> PAGE_BITS) + 1;
    size_t i = page_slot(key);

    while (page_table[i].key && page_table[i].key != key)
        i = (i + 1) & (page_slots - 1);
    return page_table[i].key ? &page_table[i] : NULL;
}

bool page_start(void);

// NULL when memory ran out.
struct shadow_page *page_make(uintptr_t addr);

// Gives the page cells of its own; false when memory ran out.
bool page_split(struct shadow_page *page);

#endif

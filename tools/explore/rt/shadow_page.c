// The directory: an open hash of pages that grows, none is ever taken out.

#include "shadow_page.h"

#include "hb_mem.h"
#include "shadow.h"

enum { FIRST_SLOTS = 256 };

struct shadow_page *page_table;
size_t page_slots;
static size_t npages;

bool page_start(void)
{
    page_table = hb_mem_alloc(FIRST_SLOTS * sizeof *page_table);
    page_slots = FIRST_SLOTS;
    npages = 0;
    return page_table != NULL;
}

static bool grow(void)
{
    struct shadow_page *old = page_table;
    size_t old_slots = page_slots;
    struct shadow_page *new = hb_mem_alloc(old_slots * 4 * sizeof *new);

    if (!new)
        return false;
    page_table = new;
    page_slots = old_slots * 4;
    for (size_t i = 0; i < old_slots; i++) {
        size_t at;

        if (!old[i].key)
            continue;
        at = page_slot(old[i].key);
        while (new[at].key)
            at = (at + 1) & (page_slots - 1);
        new[at] = old[i];
    }
    return true;
}

struct shadow_page *page_make(uintptr_t addr)
{
    struct shadow_page *page = page_find(addr);
    uintptr_t key = (addr >> PAGE_BITS) + 1;
    size_t i;

    if (page)
        return page;
    if (npages * 2 >= page_slots && !grow())
        return NULL;
    npages++;
    i = page_slot(key);
    while (page_table[i].key)
        i = (i + 1) & (page_slots - 1);
    page_table[i].key = key;
    return &page_table[i];
}

bool page_split(struct shadow_page *page)
{
    if (page->cells)
        return true;
    page->cells = hb_mem_alloc(PAGE_BYTES * sizeof *page->cells);
    if (!page->cells)
        return false;
    for (unsigned i = 0; page->all && i < PAGE_BYTES; i++) {
        page->cells[i] = page->all;
        HB_NO_IDIOM();
    }
    return true;
}

struct hb_atomic **shadow_atomics(uintptr_t addr)
{
    struct shadow_page *page = page_make(addr);

    if (!page)
        return NULL;
    if (!page->atomics) {
        page->atomics = hb_mem_alloc(ATOMIC_LISTS * sizeof *page->atomics);
        if (!page->atomics)
            return NULL;
    }
    return &page->atomics[addr / 4 % ATOMIC_LISTS];
}

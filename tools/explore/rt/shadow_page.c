// The directory: an open hash of pages that grows, none is ever taken out.

#include "shadow_page.h"

#include "hb_mem.h"
#include "shadow.h"

// One page of the machine's is enough for the programs of a lab: a fork that
// starts clean pays one page fault for it.
enum { FIRST_SLOTS = 128 };

static struct shadow_page first[FIRST_SLOTS] __attribute__((aligned(4096)));
struct shadow_page *page_table = first;
size_t page_slots = FIRST_SLOTS;
static size_t npages;

void page_start(void)
{
    for (size_t i = 0; npages && i < FIRST_SLOTS; i++)
        first[i] = (struct shadow_page){0};
    page_table = first;
    page_slots = FIRST_SLOTS;
    npages = 0;
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

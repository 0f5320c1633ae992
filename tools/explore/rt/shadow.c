// The states of bytes and what an access does to them.
//
// A state is a set of accesses, stored once and shared by all bytes in it. An
// access `a` takes out what it is ordered after and makes redundant: whatever
// would race with that would race with `a` as well, since it comes later than
// both. So a set holds what is maximal, most often one access.

#include "shadow.h"

#include "hb_mem.h"
#include "shadow_page.h"
#include "shadow_set.h"

// Plain transitions without a race, of the last accesses: most elements of an
// array are in the state of their neighbour.
static struct memo {
    uint32_t rec, old, new;
} * memo;

enum { MEMOS = 128 };

// How badly two unordered accesses go together, in rising order.
enum bad { FINE, UNORDERED, STRONG, WEAK, RACE };

static uint8_t bad[HB_OPS][HB_OPS];
static bool covers[HB_OPS][HB_OPS]; // the first makes the second redundant

static bool is_plain(enum hb_op op)
{
    return op <= HB_FREE;
}

static bool writes(enum hb_op op)
{
    return op != HB_READ && op != HB_LOAD_SC && op != HB_LOAD_WEAK;
}

static bool is_sc(enum hb_op op)
{
    return op == HB_LOAD_SC || op == HB_STORE_SC || op == HB_RMW_SC;
}

static bool is_weak_move(enum hb_op op)
{
    return op == HB_LOAD_WEAK || op == HB_STORE_WEAK;
}

static enum bad judge(enum hb_op a, enum hb_op b)
{
    if (!writes(a) && !writes(b))
        return FINE;
    if (is_plain(a) || is_plain(b))
        return RACE;
    if (is_sc(a) && is_sc(b))
        return UNORDERED;
    return is_weak_move(a) || is_weak_move(b) ? WEAK : STRONG;
}

void shadow_tables(void)
{
    for (unsigned a = 0; a < HB_OPS; a++)
        for (unsigned b = 0; b < HB_OPS; b++)
            bad[a][b] = (uint8_t)judge(a, b);
    for (unsigned a = 0; a < HB_OPS; a++)
        for (unsigned e = 0; e < HB_OPS; e++) {
            // Atomics are judged by another clock than plain accesses, and a
            // free is kept apart so that a report can say so.
            covers[a][e] =
                is_plain(a) == is_plain(e) && (e != HB_FREE || a == HB_FREE);
            for (unsigned b = 0; b < HB_OPS; b++)
                if (bad[e][b] > bad[a][b])
                    covers[a][e] = false;
        }
}

bool shadow_start(void)
{
    if (!covers[HB_READ][HB_READ])
        shadow_tables();
    memo = hb_mem_alloc(MEMOS * sizeof *memo);
    return memo && page_start() && set_start();
}

struct access {
    struct hb_thread *th;
    const struct hb_vc *seen;
    enum hb_op op;
    uint32_t rec;      // its record
    uint32_t old, new; // what it did to the byte before
    int races;
};

static struct hb_side side_of(const struct record *r, uintptr_t byte)
{
    uintptr_t at = r->base;

    if (r->size <= 8) {
        at += byte & ~(uintptr_t)7;
        if (at > byte)
            at -= 8;
    }
    return (struct hb_side){.thread = r->name,
                            .ctx = r->ctx,
                            .pc = r->pc,
                            .addr = (const void *)at,
                            .size = r->size,
                            .op = r->op};
}

static uint64_t value_at(const void *addr, size_t size)
{
    uint64_t v = 0;

    for (size_t i = 0; i < size; i++)
        v |= (uint64_t)((const volatile uint8_t *)addr)[i] << 8 * i;
    return v;
}

// Reports once for a pair of places.
static bool first_of_pair(const struct record *now, const struct record *before)
{
    static struct pair {
        const void *pc, *before_pc;
        uint8_t op, before_op;
        uint32_t run;
    } seen[256];
    uint64_t h = ((uintptr_t)now->pc * 31 + (uintptr_t)before->pc) * 31 +
                 now->op * 16u + before->op;
    struct pair p = {now->pc, before->pc, now->op, before->op, set_run};

    h ^= h >> 20;
    for (unsigned i = 0; i < 256; i++) {
        struct pair *s = &seen[(h + i) % 256];

        if (s->run != set_run) {
            *s = p;
            return true;
        }
        if (s->pc == p.pc && s->before_pc == p.before_pc && s->op == p.op &&
            s->before_op == p.before_op)
            return false;
    }
    return false;
}

static void race(struct access *a, const struct record *e, bool newest,
                 uintptr_t byte)
{
    const struct record *r = record_at(a->rec);
    struct hb_race out;

    a->races++;
    if (!hb_report_race || !first_of_pair(r, e))
        return;
    out.addr = (const void *)byte;
    out.now = side_of(r, byte);
    out.before = side_of(e, byte);
    out.has_value = newest && writes(e->op) && e->op != HB_FREE && e->size <= 8;
    out.value = out.has_value ? value_at(out.before.addr, out.before.size) : 0;
    hb_report_race(&out);
}

static void gap(struct access *a, const struct record *e, enum bad how,
                uintptr_t byte)
{
    const struct record *r = record_at(a->rec);
    struct hb_gap g = {.addr = side_of(r, byte).addr,
                       .pc = r->pc,
                       .before_pc = e->pc,
                       .op = r->op,
                       .before_op = e->op,
                       .strong = how == STRONG};

    if (how == UNORDERED)
        hb_unordered(g.addr);
    else
        hb_gap_found(&g);
}

static bool ordered(const struct record *e, const struct hb_vc *vc)
{
    return (uint32_t)e->epoch <= vc->c[e->epoch >> 32];
}

// Judges the access against entry i of the n in `in`; true when it may go.
static bool meet(struct access *a, const uint32_t *in, unsigned i, unsigned n,
                 uintptr_t byte)
{
    const struct record *e = record_at(in[i]);
    enum bad how;

    if (e->epoch >> 32 == a->th->slot)
        return covers[a->op][e->op];
    how = bad[e->op][a->op];
    if (how == RACE) {
        if (!ordered(e, &a->th->clock)) {
            bool newest = true;

            for (unsigned j = i + 1; j < n; j++)
                newest = newest && !writes(record_at(in[j])->op);
            race(a, e, newest, byte);
        }
    } else if (how != FINE && !ordered(e, a->seen)) {
        gap(a, e, how, byte);
    }
    return covers[a->op][e->op] && ordered(e, &a->th->clock);
}

// The state that comes after `old` with this access at `byte`.
static uint32_t next_state(struct access *a, uint32_t old, uintptr_t byte)
{
    uint32_t out[SET_MAX];
    uint32_t shared = old & STATE_SHARED;
    const uint32_t *in;
    uint32_t one;
    uint32_t made;
    unsigned n, kept = 0;
    bool redundant = false;
    uint64_t epoch = record_at(a->rec)->epoch;

    if (!old)
        return a->rec;
    in = set_of(old, &one, &n);
    for (unsigned i = 0; i < n; i++) {
        const struct record *e = record_at(in[i]);

        if (e->epoch >> 32 != a->th->slot) {
            if (a->op != HB_FREE)
                shared = STATE_SHARED;
        } else if (e->epoch == epoch && covers[e->op][a->op]) {
            redundant = true;
        }
        if (!meet(a, in, i, n, byte) || (redundant && e->epoch == epoch))
            out[kept++] = in[i];
    }
    if (!redundant)
        out[kept++] = a->rec;
    if (redundant && kept == n)
        return old | shared;
    made = set_make(out, kept);
    return made ? made | shared : old;
}

static uint32_t remembered(struct access *a, uint32_t old, uintptr_t byte)
{
    struct memo *m = &memo[(old * 31 + a->rec) % MEMOS];
    int races = a->races;
    uint32_t new;

    if (m->rec == a->rec && m->old == old)
        return m->new;
    new = next_state(a, old, byte);
    if (a->races == races)
        *m = (struct memo){a->rec, old, new};
    return new;
}

static uint32_t step(struct access *a, uint32_t old, uintptr_t byte)
{
    if (!a->new || old != a->old) {
        a->new = is_plain(a->op) ? remembered(a, old, byte)
                                 : next_state(a, old, byte);
        a->old = old;
    }
    if ((a->new ^ old) & STATE_SHARED)
        hb_touch((const void *)byte);
    return a->new;
}

static void touch_page(uintptr_t page)
{
    for (unsigned i = 0; i < PAGE_BYTES; i++)
        hb_touch((const void *)(page + i));
}

// The part [lo, hi) of an access, inside one page.
static void in_page(struct access *a, uintptr_t lo, uintptr_t hi)
{
    struct shadow_page *page = page_make(lo);
    uint32_t *cell;

    if (!page)
        return;
    if (hi - lo == PAGE_BYTES && !page->cells) {
        uint32_t new = step(a, page->all, lo);

        if ((new ^ page->all) & STATE_SHARED)
            touch_page(lo);
        if (new)
            page->all = new;
        return;
    }
    if (!page_split(page))
        return;
    cell = &page->cells[lo % PAGE_BYTES];
    for (uintptr_t at = lo; at < hi; at++, cell++) {
        uint32_t new = step(a, *cell, at);

        if (new)
            *cell = new;
    }
}

// An access that adds nothing: all its bytes are in one state, which is one
// access of this thread in this epoch that makes this one redundant.
static bool is_repeat(const struct hb_thread *th, enum hb_op op, uintptr_t addr,
                      size_t size)
{
    const struct shadow_page *page;
    const uint32_t *cell;
    const struct record *r;

    if (size > 8 || (size & (size - 1)) || (addr & (size - 1)))
        return false;
    page = page_find(addr);
    if (!page || !page->cells)
        return false;
    cell = &page->cells[addr % PAGE_BYTES];
    if (!*cell || *cell & STATE_SET)
        return false;
    for (size_t i = 1; i < size; i++)
        if (cell[i] != cell[0])
            return false;
    r = record_at(*cell & STATE_INDEX);
    return r->epoch == epoch_of(th) && covers[r->op][op];
}

int shadow_access(struct hb_thread *th, enum hb_op op, uintptr_t addr,
                  size_t size, const void *pc, const struct hb_vc *seen)
{
    struct access a = {.th = th, .seen = seen, .op = op};
    uintptr_t end = addr + size;

    if (!size || is_repeat(th, op, addr, size))
        return 0;
    if (end < addr)
        end = UINTPTR_MAX;
    a.rec = record_make(th, op, addr, size, pc);
    if (!a.rec)
        return 0;
    while (addr < end) {
        uintptr_t hi = (addr | (PAGE_BYTES - 1)) + 1;

        if (hi > end || !hi)
            hi = end;
        in_page(&a, addr, hi);
        addr = hi;
    }
    return a.races;
}

static void clear_in_page(struct shadow_page *page, uintptr_t lo, uintptr_t hi)
{
    if (page->atomics)
        for (unsigned i = 0; i < ATOMIC_LISTS; i++)
            hb_atomics_clear(&page->atomics[i], lo, hi);
    if (hi - lo == PAGE_BYTES && !page->cells)
        page->all = 0;
    if ((page->cells || page->all) && page_split(page))
        for (uintptr_t at = lo; at < hi; at++) {
            page->cells[at % PAGE_BYTES] = 0;
            HB_NO_IDIOM();
        }
}

void hb_new_owner(const void *addr, size_t size)
{
    uintptr_t lo = (uintptr_t)addr, end = lo + size;

    if (!size)
        return;
    hb_place_gone(lo, end);
    if (size / PAGE_BYTES > page_slots) {
        for (size_t i = 0; i < page_slots; i++) {
            uintptr_t at = (page_table[i].key - 1) << PAGE_BITS;
            uintptr_t to = at + PAGE_BYTES;

            if (!page_table[i].key || to <= lo || at >= end)
                continue;
            clear_in_page(&page_table[i], at > lo ? at : lo,
                          to < end ? to : end);
        }
        return;
    }
    while (lo < end) {
        uintptr_t hi = (lo | (PAGE_BYTES - 1)) + 1;
        struct shadow_page *page = page_find(lo);

        if (hi > end)
            hi = end;
        if (page)
            clear_in_page(page, lo, hi);
        lo = hi;
    }
}

bool hb_shared(const void *addr, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uintptr_t at = (uintptr_t)addr + i;
        const struct shadow_page *page = page_find(at);
        uint32_t state;

        if (!page)
            continue;
        state = page->cells ? page->cells[at % PAGE_BYTES] : page->all;
        if (state & STATE_SHARED)
            return true;
    }
    return false;
}

int hb_access(int t, enum hb_op op, const void *addr, size_t size,
              const void *pc)
{
    struct hb_thread *th = hb_threads[t];

    return shadow_access(th, op, (uintptr_t)addr, size, pc, &th->clock);
}

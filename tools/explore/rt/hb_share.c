// What forked runs collect together: locations that two threads touch, and
// the places where a machine may do more than the interleavings.
//
// Several runs may write at once: entries are claimed with compare-exchange
// and never taken back.

#include "hb_int.h"

#include <stdatomic.h>

enum { NEAR_SLOTS = 448, WINDOW = 8, TOUCH_SLOTS = 1 << 16, GAPS = 64 };

struct hb_share {
    _Atomic uint32_t ntouched;
    _Atomic bool full;
    _Atomic bool many_places;
    _Atomic bool weak, strong;
    _Atomic bool stack_met;
    _Atomic uint32_t ngaps;  // claimed; may pass GAPS
    _Atomic uintptr_t place; // of an unordered conflict of atomics
    // Granules of 8 bytes: address / 8 << 8 | a bit for each byte touched.
    // The first lie in one page with the rest of what a run looks at; a
    // granule goes to the far ones when its window of near ones is full.
    _Atomic uint64_t near[NEAR_SLOTS];
    _Atomic uint64_t far[TOUCH_SLOTS];
    struct hb_gap gaps[GAPS];
    _Atomic uint64_t gap_key[GAPS];
};

static struct hb_share *share;
static bool place_gone; // the place's object ended its life in this run

size_t hb_share_size(void)
{
    return sizeof(struct hb_share);
}

void hb_share(struct hb_share *s)
{
    share = s;
}

void hb_share_start(void)
{
    place_gone = false;
}

static size_t hash(uint64_t granule)
{
    return (granule * 0x9e3779b97f4a7c15u) >> 32;
}

// True when the slot is, or has become, that of the granule with this byte.
static bool claim(_Atomic uint64_t *slot, uint64_t granule, uint64_t bit,
                  bool *claimed)
{
    uint64_t have = *slot;

    *claimed = !have &&
               atomic_compare_exchange_strong(slot, &have, granule << 8 | bit);
    if (*claimed)
        return true;
    if (have >> 8 != granule)
        return false;
    if (!(have & bit))
        atomic_fetch_or(slot, bit);
    return true;
}

void hb_touch(const void *addr)
{
    uint64_t granule = (uintptr_t)addr / 8;
    uint64_t bit = 1u << (uintptr_t)addr % 8;
    size_t h = hash(granule);
    bool claimed;

    if (!share || share->full)
        return;
    for (size_t i = 0; i < WINDOW; i++)
        if (claim(&share->near[(h + i) % NEAR_SLOTS], granule, bit, &claimed))
            return;
    // Never so full that a search of a free slot gets long.
    for (size_t i = h; share->ntouched < TOUCH_SLOTS / 4 * 3; i++)
        if (claim(&share->far[i % TOUCH_SLOTS], granule, bit, &claimed)) {
            share->ntouched += claimed;
            return;
        }
    share->full = true;
}

static unsigned bytes_touched(const struct hb_share *s, uint64_t granule)
{
    size_t h = hash(granule);
    uint64_t have;

    for (size_t i = 0; i < WINDOW; i++) {
        have = s->near[(h + i) % NEAR_SLOTS];
        if (!have || have >> 8 == granule)
            return have & 0xff;
    }
    for (size_t i = h;; i++) {
        have = s->far[i % TOUCH_SLOTS];
        if (!have || have >> 8 == granule)
            return have & 0xff;
    }
}

bool hb_touched(const struct hb_share *s, const void *addr, size_t size)
{
    uintptr_t at = (uintptr_t)addr, end = at + size;

    if (s->full)
        return true;
    while (at < end) {
        uintptr_t hi = (at | 7) + 1;
        unsigned want;

        if (hi > end)
            hi = end;
        want = ((1u << (hi - at)) - 1) << at % 8;
        if (bytes_touched(s, at / 8) & want)
            return true;
        at = hi;
    }
    return false;
}

void hb_unordered(const void *addr)
{
    uintptr_t none = 0, at = (uintptr_t)addr;

    if (!share)
        return;
    if (!atomic_compare_exchange_strong(&share->place, &none, at) &&
        (none != at || place_gone))
        share->many_places = true;
}

// A block that begins a new life at the same address is another object.
void hb_place_gone(uintptr_t lo, uintptr_t hi)
{
    if (share && share->place >= lo && share->place < hi)
        place_gone = true;
}

void hb_gap_found(const struct hb_gap *gap)
{
    uint64_t key = ((uintptr_t)gap->pc * 31 + (uintptr_t)gap->before_pc) * 31 +
                   gap->op * 16u + gap->before_op + 1;
    uint32_t n;

    hb_unordered(gap->addr);
    if (!share)
        return;
    if (gap->strong)
        share->strong = true;
    else
        share->weak = true;
    n = share->ngaps < GAPS ? share->ngaps : GAPS;
    for (uint32_t i = 0; i < n; i++)
        if (share->gap_key[i] == key)
            return;
    n = atomic_fetch_add(&share->ngaps, 1);
    if (n >= GAPS)
        return;
    share->gaps[n] = *gap;
    share->gap_key[n] = key;
}

enum hb_weak hb_weak(const struct hb_share *s)
{
    return hb_weak_over(&(struct hb_part){s, 0}, 1, &(struct hb_gap){0});
}

// Places in the program are compared by their offsets; other addresses only
// where one process has seen them.
static bool other_place(const struct hb_part *a, const struct hb_part *b)
{
    static const uintptr_t program = (uintptr_t)1 << 31;
    uintptr_t x = a->share->place - a->base, y = b->share->place - b->base;

    return x >= program || y >= program || x != y;
}

static bool comes_first(const struct hb_gap *a, const struct hb_gap *b)
{
    if (a->strong != b->strong)
        return !a->strong;
    if (a->pc != b->pc)
        return a->pc < b->pc;
    if (a->before_pc != b->before_pc)
        return a->before_pc < b->before_pc;
    return a->op * HB_OPS + a->before_op < b->op * HB_OPS + b->before_op;
}

static void find_first(const struct hb_part *part, struct hb_gap *worst)
{
    unsigned n;
    const struct hb_gap *gaps = hb_gaps(part->share, &n);

    for (unsigned i = 0; i < n; i++) {
        struct hb_gap g = gaps[i];

        g.addr = (void *)((uintptr_t)g.addr - part->base);
        g.pc = (void *)((uintptr_t)g.pc - part->base);
        g.before_pc = (void *)((uintptr_t)g.before_pc - part->base);
        if (!worst->pc || comes_first(&g, worst))
            *worst = g;
    }
}

enum hb_weak hb_weak_over(const struct hb_part *parts, unsigned n,
                          struct hb_gap *worst)
{
    const struct hb_part *place = NULL;
    bool weak = false, strong = false, many = false;

    *worst = (struct hb_gap){0};
    for (unsigned i = 0; i < n; i++) {
        const struct hb_share *s = parts[i].share;

        weak = weak || s->weak;
        strong = strong || s->strong;
        many = many || s->many_places;
        if (s->place && place)
            many = many || other_place(place, &parts[i]);
        if (s->place)
            place = &parts[i];
        find_first(&parts[i], worst);
    }
    if (!weak && !strong)
        return HB_WEAK_NONE;
    if (!many)
        return HB_WEAK_ONE_PLACE;
    return weak ? HB_WEAK_BOUND : HB_WEAK_RMW;
}

void hb_stack_met(void)
{
    if (share)
        share->stack_met = true;
}

bool hb_stacks_met(const struct hb_share *s)
{
    return s->stack_met;
}

const struct hb_gap *hb_gaps(const struct hb_share *s, unsigned *n)
{
    *n = s->ngaps < GAPS ? s->ngaps : GAPS;
    return s->gaps;
}

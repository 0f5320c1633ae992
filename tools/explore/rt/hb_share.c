// What forked runs collect together: locations that two threads touch, and
// the places where a machine may do more than the interleavings.
//
// Several runs may write at once: entries are claimed with compare-exchange
// and never taken back.

#include "hb_int.h"

#include <stdatomic.h>

enum { TOUCH_SLOTS = 1 << 16, GAPS = 64 };

struct hb_share {
    // Granules of 8 bytes: address / 8 << 8 | a bit for each byte touched.
    _Atomic uint64_t touched[TOUCH_SLOTS];
    _Atomic uint32_t ntouched;
    _Atomic bool full;
    _Atomic uintptr_t place; // of an unordered conflict of atomics
    _Atomic bool many_places;
    _Atomic bool weak, strong;
    _Atomic uint32_t ngaps; // claimed; may pass GAPS
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

static size_t slot_of(uint64_t granule)
{
    return (granule * 0x9e3779b97f4a7c15u) >> 48 & (TOUCH_SLOTS - 1);
}

void hb_touch(const void *addr)
{
    uint64_t granule = (uintptr_t)addr / 8;
    uint64_t bit = 1u << (uintptr_t)addr % 8;
    size_t i = slot_of(granule);

    if (!share || share->full)
        return;
    for (;;) {
        uint64_t have = share->touched[i];

        if (!have) {
            // Never so full that a search of a free slot gets long.
            if (share->ntouched >= TOUCH_SLOTS / 4 * 3) {
                share->full = true;
                return;
            }
            if (atomic_compare_exchange_strong(&share->touched[i], &have,
                                               granule << 8 | bit)) {
                share->ntouched++;
                return;
            }
        }
        if (have >> 8 == granule) {
            if (!(have & bit))
                atomic_fetch_or(&share->touched[i], bit);
            return;
        }
        i = (i + 1) % TOUCH_SLOTS;
    }
}

static unsigned bytes_touched(const struct hb_share *s, uint64_t granule)
{
    size_t i = slot_of(granule);
    uint64_t have;

    while ((have = s->touched[i]) && have >> 8 != granule)
        i = (i + 1) % TOUCH_SLOTS;
    return have & 0xff;
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
    if (!s->weak && !s->strong)
        return HB_WEAK_NONE;
    if (!s->many_places)
        return HB_WEAK_ONE_PLACE;
    return s->weak ? HB_WEAK_BOUND : HB_WEAK_RMW;
}

const struct hb_gap *hb_gaps(const struct hb_share *s, unsigned *n)
{
    *n = s->ngaps < GAPS ? s->ngaps : GAPS;
    return s->gaps;
}

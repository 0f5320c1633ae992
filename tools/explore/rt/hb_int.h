// What the parts of the race clock share with each other; hb.h is for callers.
#ifndef RL_HB_INT_H
#define RL_HB_INT_H

#include "hb.h"

// Loops over clocks and cells must not become calls of memset or memcpy: in
// the program those names are ours, with checks that would come back here.
#define HB_NO_IDIOM() __asm__ volatile("" ::: "memory")

struct hb_thread {
    uint32_t slot, name, ctx;
    bool running, joinable;
    struct hb_vc clock;
    struct hb_vc released; // the clock at the last release fence
    struct hb_vc pending;  // what relaxed loads read, for an acquire fence
    bool has_released, has_pending;
};

extern struct hb_thread *hb_threads[HB_THREADS];
extern unsigned hb_nslots; // columns in use
extern hb_report_fn *hb_report_race;

static inline uint32_t hb_now(const struct hb_thread *th)
{
    return th->clock.c[th->slot];
}

void hb_vc_join(struct hb_vc *to, const struct hb_vc *from);
void hb_vc_copy(struct hb_vc *to, const struct hb_vc *from);

// The next step of `th` is in a new epoch: after every step that others may
// now be ordered after.
static inline void hb_tick(struct hb_thread *th)
{
    th->clock.c[th->slot]++;
}

// hb_share.c
void hb_touch(const void *addr);
void hb_gap_found(const struct hb_gap *gap);
void hb_place_gone(uintptr_t lo, uintptr_t hi);
void hb_share_start(void);

// hb_atomic.c: the sync state of atomics, kept in lists of the shadow's pages
struct hb_atomic;
void hb_atomic_start(void);
void hb_atomics_clear(struct hb_atomic **list, uintptr_t lo, uintptr_t hi);

#endif

// C11 atomics: what a load may be ordered after.
//
// For each atomic object, the release sequences its newest value belongs to
// (C11 5.1.2.4 p10), each with the clock of its head, hypothetical heads of
// release fences among them (7.17.4). A sequence goes on through stores of the
// thread that began it and through everybody's read-modify-writes.

#include "hb_int.h"
#include "hb_mem.h"
#include "shadow.h"

struct head {
    struct head *next;
    uint32_t thread; // number of the thread that began the sequence
    struct hb_vc vc;
};

struct hb_atomic {
    struct hb_atomic *next;
    uintptr_t addr;
    struct head *heads;
};

static struct head *spare_heads;

void hb_atomic_start(void)
{
    spare_heads = NULL;
}

static struct hb_atomic *atomic_at(const void *addr)
{
    struct hb_atomic **list = shadow_atomics((uintptr_t)addr);
    struct hb_atomic *at;

    if (!list)
        return NULL;
    for (at = *list; at; at = at->next)
        if (at->addr == (uintptr_t)addr)
            return at;
    at = hb_mem_alloc(sizeof *at);
    if (!at)
        return NULL;
    at->addr = (uintptr_t)addr;
    at->next = *list;
    *list = at;
    return at;
}

static void give_heads(struct head **list)
{
    while (*list) {
        struct head *h = *list;

        *list = h->next;
        h->next = spare_heads;
        spare_heads = h;
    }
}

void hb_atomics_clear(struct hb_atomic **list, uintptr_t lo, uintptr_t hi)
{
    for (struct hb_atomic *at = *list; at; at = at->next)
        if (at->addr >= lo && at->addr < hi)
            give_heads(&at->heads);
}

// The head of `thread`, made where it has none.
static struct head *head_of(struct hb_atomic *at, uint32_t thread)
{
    struct head *h;

    for (h = at->heads; h; h = h->next)
        if (h->thread == thread)
            return h;
    h = spare_heads;
    if (h)
        spare_heads = h->next;
    else
        h = hb_mem_alloc(sizeof *h);
    if (!h)
        return NULL;
    hb_clear_vc(&h->vc);
    h->thread = thread;
    h->next = at->heads;
    at->heads = h;
    return h;
}

static void drop_heads_of_others(struct hb_atomic *at, uint32_t thread)
{
    struct head **p = &at->heads, *mine = NULL;

    while (*p && (*p)->thread != thread)
        p = &(*p)->next;
    if (*p) {
        mine = *p;
        *p = mine->next;
    }
    give_heads(&at->heads);
    if (mine)
        mine->next = NULL;
    at->heads = mine;
}

static bool acquires(int order)
{
    return order != __ATOMIC_RELAXED && order != __ATOMIC_RELEASE;
}

static bool releases(int order)
{
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL ||
           order == __ATOMIC_SEQ_CST;
}

static void read_from(struct hb_thread *th, const struct hb_atomic *at,
                      int order)
{
    struct hb_vc *to = acquires(order) ? &th->clock : &th->pending;

    if (!acquires(order) && at->heads && !th->has_pending) {
        hb_clear_vc(&th->pending);
        th->has_pending = true;
    }
    for (const struct head *h = at->heads; h; h = h->next)
        hb_vc_join(to, &h->vc);
}

// A write that carries on a sequence of this thread's or begins one.
static void write_to(struct hb_thread *th, struct hb_atomic *at, int order)
{
    struct head *h;

    if (releases(order)) {
        h = head_of(at, th->name);
        if (h)
            hb_vc_join(&h->vc, &th->clock);
        hb_tick(th);
    } else if (th->has_released) {
        h = head_of(at, th->name);
        if (h)
            hb_vc_join(&h->vc, &th->released);
    }
}

int hb_load(int t, const void *addr, size_t size, int order, const void *pc)
{
    struct hb_thread *th = hb_threads[t];
    struct hb_atomic *at = atomic_at(addr);
    struct hb_vc seen;

    hb_vc_copy(&seen, &th->clock);
    if (at)
        read_from(th, at, order);
    return shadow_access(th,
                         order == __ATOMIC_SEQ_CST ? HB_LOAD_SC : HB_LOAD_WEAK,
                         (uintptr_t)addr, size, pc, &seen);
}

int hb_store(int t, const void *addr, size_t size, int order, const void *pc)
{
    struct hb_thread *th = hb_threads[t];
    struct hb_atomic *at = atomic_at(addr);
    int races;

    races = shadow_access(
        th, order == __ATOMIC_SEQ_CST ? HB_STORE_SC : HB_STORE_WEAK,
        (uintptr_t)addr, size, pc, &th->clock);
    if (at) {
        drop_heads_of_others(at, th->name);
        write_to(th, at, order);
    }
    return races;
}

int hb_rmw(int t, const void *addr, size_t size, int order, const void *pc)
{
    struct hb_thread *th = hb_threads[t];
    struct hb_atomic *at = atomic_at(addr);
    struct hb_vc seen;
    int races;

    hb_vc_copy(&seen, &th->clock);
    if (at)
        read_from(th, at, order);
    races =
        shadow_access(th, order == __ATOMIC_SEQ_CST ? HB_RMW_SC : HB_RMW_WEAK,
                      (uintptr_t)addr, size, pc, &seen);
    if (at)
        write_to(th, at, order);
    return races;
}

void hb_fence(int t, int order)
{
    struct hb_thread *th = hb_threads[t];

    if (acquires(order) && th->has_pending)
        hb_vc_join(&th->clock, &th->pending);
    if (releases(order)) {
        hb_clear_vc(&th->released);
        hb_vc_copy(&th->released, &th->clock);
        th->has_released = true;
        hb_tick(th);
    }
}

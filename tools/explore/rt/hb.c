// Threads and their clocks: fork, join, acquire, release.

#include "hb_int.h"
#include "hb_mem.h"
#include "shadow.h"

struct hb_thread *hb_threads[HB_THREADS];
unsigned hb_nslots;
hb_report_fn *hb_report_race;

static void vc_clear(struct hb_vc *vc)
{
    for (unsigned i = 0; i < HB_THREADS; i++) {
        vc->c[i] = 0;
        HB_NO_IDIOM();
    }
}

void hb_clear_vc(struct hb_vc *vc)
{
    vc_clear(vc);
}

void hb_vc_join(struct hb_vc *to, const struct hb_vc *from)
{
    for (unsigned i = 0; i < hb_nslots; i++)
        if (from->c[i] > to->c[i])
            to->c[i] = from->c[i];
}

void hb_vc_copy(struct hb_vc *to, const struct hb_vc *from)
{
    for (unsigned i = 0; i < hb_nslots; i++) {
        to->c[i] = from->c[i];
        HB_NO_IDIOM();
    }
}

// The thread of a column, new or that of the one before; NULL out of memory.
static struct hb_thread *column(unsigned slot, uint32_t name)
{
    struct hb_thread *th = hb_threads[slot];

    if (!th)
        th = hb_threads[slot] = hb_mem_alloc(sizeof *th);
    if (!th)
        return NULL;
    th->slot = slot;
    th->name = name;
    th->ctx = 0;
    th->running = th->joinable = true;
    th->has_released = th->has_pending = false;
    return th;
}

void hb_serve(void)
{
    shadow_tables();
    hb_mem_share();
}

bool hb_start(uint32_t name, hb_report_fn *report)
{
    for (unsigned i = 0; i < hb_nslots; i++) {
        hb_threads[i] = NULL;
        HB_NO_IDIOM();
    }
    hb_mem_reset();
    hb_share_start();
    hb_atomic_start();
    hb_report_race = report;
    hb_nslots = 1;
    if (!column(0, name) || !shadow_start())
        return false;
    hb_threads[0]->clock.c[0] = 1;
    return true;
}

bool hb_exhausted(void)
{
    return hb_mem_exhausted();
}

// A column of an ended thread will do when the creator is ordered after all
// that the thread did: whoever is ordered after the child then is too, and the
// child's steps are later in the column than any of the old thread's.
static int free_slot(const struct hb_thread *parent)
{
    for (unsigned i = 0; i < hb_nslots; i++) {
        const struct hb_thread *th = hb_threads[i];

        if (!th->running && !th->joinable &&
            th->clock.c[i] <= parent->clock.c[i])
            return (int)i;
    }
    return hb_nslots < HB_THREADS ? (int)hb_nslots : -1;
}

int hb_fork(int parent, uint32_t name)
{
    struct hb_thread *p = hb_threads[parent];
    int slot = free_slot(p);
    struct hb_thread *th;
    uint32_t last;

    if (slot < 0)
        return -1;
    last = hb_threads[slot] ? hb_now(hb_threads[slot]) : 0;
    th = column((unsigned)slot, name);
    if (!th)
        return -1;
    if ((unsigned)slot == hb_nslots)
        hb_nslots++;
    hb_vc_copy(&th->clock, &p->clock);
    th->clock.c[slot] = last + 1;
    hb_tick(p);
    return slot;
}

void hb_end(int t)
{
    hb_threads[t]->running = false;
}

void hb_join(int t, int child)
{
    hb_vc_join(&hb_threads[t]->clock, &hb_threads[child]->clock);
    hb_threads[child]->joinable = false;
}

void hb_detach(int child)
{
    hb_threads[child]->joinable = false;
}

void hb_context(int t, uint32_t ctx)
{
    hb_threads[t]->ctx = ctx;
}

void hb_acquire(int t, const struct hb_vc *from)
{
    hb_vc_join(&hb_threads[t]->clock, from);
}

void hb_release(int t, struct hb_vc *to)
{
    hb_vc_join(to, &hb_threads[t]->clock);
    hb_tick(hb_threads[t]);
}

void hb_publish(int t, struct hb_vc *to)
{
    hb_vc_copy(to, &hb_threads[t]->clock);
    hb_tick(hb_threads[t]);
}

bool hb_ordered(int t, int u)
{
    return t == u || hb_threads[u]->clock.c[t] >= hb_threads[t]->clock.c[t];
}

const char *hb_op_name(enum hb_op op)
{
    switch (op) {
    case HB_READ:
        return "read";
    case HB_WRITE:
        return "write";
    case HB_FREE:
        return "free";
    case HB_LOAD_SC:
    case HB_LOAD_WEAK:
        return "atomic read";
    case HB_STORE_SC:
    case HB_STORE_WEAK:
        return "atomic write";
    default:
        return "atomic update";
    }
}

// Random small traces: the race clock against happens-before by definition.
//
// The reference keeps the whole trace, draws every synchronises-with edge from
// the words of the standard, closes the relation and compares each access with
// every earlier one. Usage: random [traces [first seed]]
// Ends 1 at the first trace in which the two differ, and prints it.

#include "hb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    BYTES = 24,
    LIVE = 5,
    EVENTS = 96,
    OBJECTS = 2,
};

enum what {
    PLAIN, // access with `op`
    OWNER, // hb_new_owner
    LOAD,
    STORE,
    RMW,
    FENCE,
    ACQ,
    REL,
    PUB,
    FORK,
    END,
    JOIN,
};

struct event {
    enum what what;
    int slot, other; // slots, as the clock gave them
    unsigned name, other_name;
    enum hb_op op;
    int at, size, order, object;
    bool racy; // what the clock said
};

static _Alignas(64) unsigned char mem[64];
static struct event ev[EVENTS];
static int n;
static unsigned long long before[EVENTS][(EVENTS + 63) / 64];
static int pred[EVENTS]; // the event before it in its thread, or -1
static unsigned long long rng;

static unsigned rnd(unsigned below)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (unsigned)(rng >> 33) % below;
}

// happens-before: before[j] holds every i < j with i before j.

static bool is_before(int i, int j)
{
    return before[j][i / 64] >> i % 64 & 1;
}

static void edge(int i, int j)
{
    before[j][i / 64] |= 1ull << i % 64;
    for (unsigned k = 0; k < sizeof before[0] / sizeof before[0][0]; k++)
        before[j][k] |= before[i][k];
}

static bool writes_atomic(const struct event *e)
{
    return e->what == STORE || e->what == RMW;
}

static bool is_release(int order)
{
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL ||
           order == __ATOMIC_SEQ_CST;
}

static bool is_acquire(int order)
{
    return order == __ATOMIC_ACQUIRE || order == __ATOMIC_ACQ_REL ||
           order == __ATOMIC_SEQ_CST || order == __ATOMIC_CONSUME;
}

// True when the object that was at `at` before event j has a new owner by then.
static bool cleared(int from, int to, int at)
{
    for (int k = from + 1; k < to; k++)
        if (ev[k].what == OWNER && at >= ev[k].at && at < ev[k].at + ev[k].size)
            return true;
    return false;
}

// The write that an atomic read at j takes its value from, or -1.
static int read_from(int j)
{
    for (int k = j - 1; k >= 0; k--)
        if (writes_atomic(&ev[k]) && ev[k].at == ev[j].at)
            return cleared(k, j, ev[j].at) ? -1 : k;
    return -1;
}

// Edges into `to` from all that the release sequences of write w begin with.
static void edges_from_write(int w, int to)
{
    for (int a = w; a >= 0; a--) {
        bool goes_on = true;

        if (!writes_atomic(&ev[a]) || ev[a].at != ev[w].at)
            continue;
        if (cleared(a, w, ev[w].at))
            return;
        for (int k = a + 1; k <= w; k++)
            if (writes_atomic(&ev[k]) && ev[k].at == ev[w].at &&
                ev[k].what != RMW && ev[k].name != ev[a].name)
                goes_on = false;
        if (!goes_on)
            continue;
        if (is_release(ev[a].order))
            edge(a, to);
        for (int f = a - 1; f >= 0; f--)
            if (ev[f].what == FENCE && ev[f].name == ev[a].name &&
                is_release(ev[f].order))
                edge(f, to);
    }
}

static void edges_of_fence(int j)
{
    if (!is_acquire(ev[j].order))
        return;
    for (int k = 0; k < j; k++)
        if (ev[k].name == ev[j].name &&
            (ev[k].what == LOAD || ev[k].what == RMW)) {
            int w = read_from(k);

            if (w >= 0)
                edges_from_write(w, j);
        }
}

static void close_up(void)
{
    memset(before, 0, sizeof before);
    for (int j = 0; j < n; j++) {
        struct event *e = &ev[j];

        pred[j] = -1;
        for (int i = j - 1; i >= 0 && pred[j] < 0; i--)
            if (ev[i].name == e->name ||
                (ev[i].what == FORK && ev[i].other_name == e->name))
                pred[j] = i;
        if (pred[j] >= 0)
            edge(pred[j], j);
        if (e->what == JOIN)
            for (int i = j - 1; i >= 0; i--)
                if (ev[i].name == e->other_name) {
                    edge(i, j);
                    break;
                }
        if (e->what == ACQ)
            for (int i = j - 1; i >= 0; i--) {
                if (ev[i].object != e->object)
                    continue;
                if (ev[i].what == REL || ev[i].what == PUB)
                    edge(i, j);
                if (ev[i].what == PUB)
                    break;
            }
        if ((e->what == LOAD || e->what == RMW) && is_acquire(e->order)) {
            int w = read_from(j);

            if (w >= 0)
                edges_from_write(w, j);
        }
        if (e->what == FENCE)
            edges_of_fence(j);
    }
}

static bool is_access(const struct event *e)
{
    return e->what == PLAIN || e->what == LOAD || e->what == STORE ||
           e->what == RMW;
}

static bool writes(const struct event *e)
{
    return e->what == PLAIN ? e->op != HB_READ : e->what != LOAD;
}

static bool share_bytes(int i, int j)
{
    for (int b = ev[j].at; b < ev[j].at + ev[j].size; b++)
        if (b >= ev[i].at && b < ev[i].at + ev[i].size && !cleared(i, j, b))
            return true;
    return false;
}

static bool is_racy(int j)
{
    for (int i = 0; i < j; i++)
        if (is_access(&ev[i]) && ev[i].name != ev[j].name &&
            (ev[i].what == PLAIN || ev[j].what == PLAIN) &&
            (writes(&ev[i]) || writes(&ev[j])) && share_bytes(i, j) &&
            !is_before(i, j))
            return true;
    return false;
}

// What hb_weak must say of a trace without a race or a new owner.
static enum hb_weak weak_of(void)
{
    bool weak = false, strong = false, many = false;
    int place = -1;

    for (int j = 0; j < n; j++)
        for (int i = 0; i < j; i++) {
            bool sc = ev[i].order == __ATOMIC_SEQ_CST &&
                      ev[j].order == __ATOMIC_SEQ_CST;

            if (!is_access(&ev[i]) || !is_access(&ev[j]) ||
                ev[i].what == PLAIN || ev[j].what == PLAIN ||
                ev[i].name == ev[j].name || !share_bytes(i, j) ||
                (!writes(&ev[i]) && !writes(&ev[j])) ||
                (pred[j] >= 0 && (pred[j] == i || is_before(i, pred[j]))))
                continue;
            many = many || (place >= 0 && place != ev[j].at);
            place = ev[j].at;
            if (sc)
                continue;
            if ((ev[i].what != RMW && ev[i].order != __ATOMIC_SEQ_CST) ||
                (ev[j].what != RMW && ev[j].order != __ATOMIC_SEQ_CST))
                weak = true;
            else
                strong = true;
        }
    if (!weak && !strong)
        return HB_WEAK_NONE;
    if (!many)
        return HB_WEAK_ONE_PLACE;
    return weak ? HB_WEAK_BOUND : HB_WEAK_RMW;
}

// The trace: made and given to the clock at once.

static struct hb_vc objects[OBJECTS];
static int live[LIVE], nlive;
static int ended[EVENTS], nended;
static unsigned name_of[HB_THREADS], next_name;

static int pick_order(void)
{
    static const int orders[] = {__ATOMIC_RELAXED, __ATOMIC_ACQUIRE,
                                 __ATOMIC_RELEASE, __ATOMIC_ACQ_REL,
                                 __ATOMIC_SEQ_CST, __ATOMIC_CONSUME};

    return orders[rnd(6)];
}

static int pc_of_trace;

static void access_at(struct event *e, int at, int size)
{
    const void *pc = (void *)(long)++pc_of_trace;

    e->what = PLAIN;
    e->op = rnd(20) == 0 ? HB_FREE : rnd(2) ? HB_READ : HB_WRITE;
    e->at = at;
    e->size = size;
    e->racy = hb_access(e->slot, e->op, mem + at, (size_t)size, pc);
}

static void plain(struct event *e)
{
    static const int sizes[] = {1, 2, 4, 8, 4, 8, 3, 11, 16};
    int size = sizes[rnd(9)];
    int at = (int)rnd((unsigned)(BYTES - size + 1));

    if (rnd(2) && size <= 8)
        at &= ~(size - 1);
    access_at(e, at, size);
}

// An access apart from the atomics, under a lock but for a rare slip.
static void locked(struct event *e)
{
    int size = 1 << rnd(3), at = 16 + size * (int)rnd(8u / (unsigned)size);
    struct event lock = {
        .what = ACQ, .slot = e->slot, .name = e->name, .order = -1};

    if (rnd(40) == 0) {
        access_at(e, at, size);
        return;
    }
    hb_acquire(e->slot, &objects[0]);
    *e = lock;
    ev[n] = lock;
    ev[n].object = -1;
    access_at(&ev[n++], at, size);
    hb_release(lock.slot, &objects[0]);
    ev[n] = lock;
    ev[n++].what = REL;
}

static void atomic(struct event *e)
{
    const void *pc = (void *)(long)++pc_of_trace;
    unsigned kind = rnd(3);

    e->at = (int)rnd(2) * 8;
    e->size = 4;
    e->order = pick_order();
    if (kind == 0) {
        e->what = LOAD;
        e->racy = hb_load(e->slot, mem + e->at, 4, e->order, pc);
    } else if (kind == 1) {
        e->what = STORE;
        e->racy = hb_store(e->slot, mem + e->at, 4, e->order, pc);
    } else {
        e->what = RMW;
        e->racy = hb_rmw(e->slot, mem + e->at, 4, e->order, pc);
    }
}

static void thread_step(struct event *e, unsigned who, bool careful)
{
    if (nlive < LIVE && rnd(2)) {
        e->what = FORK;
        e->other_name = ++next_name;
        e->other = hb_fork(e->slot, e->other_name);
        name_of[e->other] = e->other_name;
        live[nlive++] = e->other;
    } else if (nended && rnd(2)) {
        unsigned i = rnd((unsigned)nended);

        e->what = JOIN;
        e->other = ended[i];
        e->other_name = name_of[e->other];
        ended[i] = ended[--nended];
        hb_join(e->slot, e->other);
    } else if (nlive > 2) {
        e->what = END;
        hb_end(e->slot);
        live[who] = live[--nlive];
        ended[nended++] = e->slot;
    } else {
        (careful ? locked : plain)(e);
    }
}

static void sync_step(struct event *e)
{
    unsigned kind = rnd(9);

    e->object = (int)rnd(OBJECTS);
    if (kind < 4) {
        e->what = ACQ;
        hb_acquire(e->slot, &objects[e->object]);
    } else if (kind < 8) {
        e->what = REL;
        hb_release(e->slot, &objects[e->object]);
    } else {
        e->what = PUB;
        hb_publish(e->slot, &objects[e->object]);
    }
}

static void make_trace(unsigned long long seed)
{
    bool careful = seed % 2;
    unsigned accesses = 2 + (unsigned)(seed % 7), atomics = (seed / 7) % 9;

    rng = seed * 0x9e3779b97f4a7c15ull + 1;
    for (int i = 0; i < 8; i++)
        rnd(2);
    hb_start(1, NULL);
    memset(objects, 0, sizeof objects);
    n = 0;
    nended = 0;
    next_name = 1;
    live[0] = 0;
    nlive = 1;
    name_of[0] = 1;
    pc_of_trace = 0;
    while (n < 20 + (int)(seed % (EVENTS - 24))) {
        struct event *e = &ev[n++];
        unsigned who = rnd((unsigned)nlive);
        unsigned kind = rnd(accesses + atomics + 6);

        *e = (struct event){.slot = live[who], .object = -1, .order = -1};
        e->name = name_of[e->slot];
        if (kind < accesses) {
            (careful ? locked : plain)(e);
        } else if (kind < accesses + atomics) {
            atomic(e);
        } else if (kind < accesses + atomics + 3) {
            sync_step(e);
        } else if (kind < accesses + atomics + 4) {
            e->what = FENCE;
            e->order = pick_order();
            hb_fence(e->slot, e->order);
        } else if (rnd(8) == 0 && !careful) {
            e->what = OWNER;
            e->at = (int)rnd(BYTES - 8);
            e->size = 1 + (int)rnd(8);
            hb_new_owner(mem + e->at, (size_t)e->size);
        } else {
            thread_step(e, who, careful);
        }
    }
}

static void show(unsigned long long seed, int upto)
{
    static const char *const names[] = {"plain", "owner", "load", "store",
                                        "rmw",   "fence", "acq",  "rel",
                                        "pub",   "fork",  "end",  "join"};

    printf("seed %llu\n", seed);
    for (int i = 0; i <= upto && i < n; i++)
        printf("%3d T%-3u slot %-2d %-5s op %d at %2d+%-2d order %d object %d "
               "other T%u %s\n",
               i, ev[i].name, ev[i].slot, names[ev[i].what], ev[i].op, ev[i].at,
               ev[i].size, ev[i].order, ev[i].object, ev[i].other_name,
               ev[i].racy ? "racy" : "");
}

static long races, racy_traces, weak_kinds[4];

static bool agree(unsigned long long seed, struct hb_share *share)
{
    bool any = false, owner = false;

    memset(share, 0, hb_share_size());
    make_trace(seed);
    close_up();
    for (int j = 0; j < n; j++) {
        owner = owner || ev[j].what == OWNER;
        if (!is_access(&ev[j]))
            continue;
        if (ev[j].racy != is_racy(j)) {
            show(seed, j);
            printf("the definition says %sracy\n", ev[j].racy ? "not " : "");
            return false;
        }
        races += ev[j].racy;
        any = any || ev[j].racy;
    }
    racy_traces += any;
    if (any || owner)
        return true;
    weak_kinds[hb_weak(share)]++;
    if (hb_weak(share) != weak_of()) {
        show(seed, n);
        printf("weak: %d, the definition says %d\n", hb_weak(share), weak_of());
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    unsigned long long traces = argc > 1 ? strtoull(argv[1], NULL, 10) : 40000;
    unsigned long long first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    struct hb_share *share = mmap(NULL, hb_share_size(), PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (share == MAP_FAILED)
        return 2;
    hb_share(share);
    for (unsigned long long s = first; s < first + traces; s++)
        if (!agree(s, share))
            return 1;
    printf("%llu traces agree: %ld with a race, %ld racy accesses\n", traces,
           racy_traces, races);
    printf("without a race, weak memory: %ld none, %ld one place, "
           "%ld updates only, %ld bound\n",
           weak_kinds[0], weak_kinds[1], weak_kinds[2], weak_kinds[3]);
    return 0;
}

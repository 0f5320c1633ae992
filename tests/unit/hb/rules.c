// Each rule of the race clock as a racy trace and its clean twin.
// Prints the names of those that fail; ends 1 when there are any.

#include "hb.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static _Alignas(64) unsigned char mem[2 * 4096 + 64];
static struct hb_race last;
static int reported, failures;

static void report(const struct hb_race *race)
{
    if (!reported++)
        last = *race;
}

static void begin(void)
{
    hb_start(1, report);
    reported = 0;
    memset(mem, 0, sizeof mem);
}

static void expect(const char *name, int got, int want)
{
    if (!!got == want)
        return;
    printf("%s: %s\n", name, want ? "race missed" : "false race");
    failures++;
}

static void check(const char *name, int ok)
{
    if (ok)
        return;
    printf("%s\n", name);
    failures++;
}

#define PC(n) ((const void *)(0x1000ul + (n)))
#define RELAXED __ATOMIC_RELAXED
#define ACQUIRE __ATOMIC_ACQUIRE
#define RELEASE __ATOMIC_RELEASE
#define ACQ_REL __ATOMIC_ACQ_REL
#define SEQ_CST __ATOMIC_SEQ_CST

static void fork_and_join(void)
{
    int t;

    begin();
    hb_write(0, mem, 4, PC(1));
    t = hb_fork(0, 2);
    expect("what came before create", hb_read(t, mem, 4, PC(2)), 0);
    expect("parent after create", hb_write(0, mem, 4, PC(3)), 1);

    begin();
    t = hb_fork(0, 2);
    hb_write(t, mem, 4, PC(1));
    hb_end(t);
    expect("ended but not joined", hb_read(0, mem, 4, PC(2)), 1);

    begin();
    t = hb_fork(0, 2);
    hb_write(t, mem, 4, PC(1));
    hb_end(t);
    hb_join(0, t);
    expect("joined", hb_read(0, mem, 4, PC(2)), 0);
}

static void siblings(void)
{
    int t, u;

    begin();
    t = hb_fork(0, 2);
    u = hb_fork(0, 3);
    hb_read(t, mem, 4, PC(1));
    expect("two reads", hb_read(u, mem, 4, PC(2)), 0);
    expect("write after a read", hb_write(u, mem, 4, PC(3)), 1);
    check("report names both sides",
          last.now.thread == 3 && last.now.pc == PC(3) &&
              last.now.op == HB_WRITE && last.before.thread == 2 &&
              last.before.pc == PC(1) && last.before.op == HB_READ &&
              last.addr == mem && !last.has_value);
}

static void every_racy_access_is_told(void)
{
    int t, u, v;

    begin();
    t = hb_fork(0, 2);
    u = hb_fork(0, 3);
    v = hb_fork(0, 4);
    hb_read(t, mem, 4, PC(1));
    hb_read(u, mem, 4, PC(2));
    check("a write races with two readers", hb_write(v, mem, 4, PC(3)) >= 2);
    check("both are reported", reported == 2);
    hb_write(v, mem, 4, PC(3));
    check("a pair is reported once", reported == 2);
}

static void mutex(void)
{
    struct hb_vc m = {{0}};
    int t;

    begin();
    t = hb_fork(0, 2);
    hb_acquire(0, &m);
    hb_context(0, 77);
    hb_write(0, mem, 4, PC(1));
    hb_context(0, 0);
    hb_release(0, &m);
    hb_acquire(t, &m);
    expect("under the lock", hb_write(t, mem, 4, PC(2)), 0);
    hb_release(t, &m);
    hb_write(t, mem, 4, PC(3));
    hb_acquire(0, &m);
    expect("after the unlock, same epoch", hb_read(0, mem, 4, PC(4)), 1);

    memset(&m, 0, sizeof m);
    begin();
    t = hb_fork(0, 2);
    hb_context(0, 77);
    *(int *)mem = 5;
    hb_write(0, mem, 4, PC(1));
    hb_release(0, &m);
    expect("no lock at all", hb_write(t, mem + 2, 2, PC(2)), 1);
    check("context and value of the other side",
          last.before.ctx == 77 && last.has_value && last.value == 5 &&
              last.before.addr == mem && last.before.size == 4 &&
              last.now.addr == mem + 2);
}

static void epochs(void)
{
    struct hb_vc m = {{0}};
    int t;

    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    hb_release(0, &m);
    hb_write(0, mem, 4, PC(2)); // a new epoch, another access of the same
    hb_acquire(t, &m);
    expect("second write is not released", hb_read(t, mem, 4, PC(3)), 1);
    check("the second is named", last.before.pc == PC(2));

    memset(&m, 0, sizeof m);
    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    hb_write(0, mem, 4, PC(2));
    hb_release(0, &m);
    hb_acquire(t, &m);
    expect("both writes are released", hb_read(t, mem, 4, PC(3)), 0);

    // Reads of two epochs: the earlier is no longer what matters.
    memset(&m, 0, sizeof m);
    begin();
    t = hb_fork(0, 2);
    hb_read(0, mem, 4, PC(1));
    hb_release(0, &m);
    hb_read(0, mem, 4, PC(2));
    hb_acquire(t, &m);
    expect("second read is not released", hb_write(t, mem, 4, PC(3)), 1);
}

static void bytes(void)
{
    static const struct {
        int a, an, b, bn, race;
    } at[] = {
        {0, 4, 4, 4, 0},       {0, 4, 3, 1, 1},       {0, 8, 4, 4, 1},
        {0, 1, 1, 1, 0},       {3, 8, 0, 3, 0},       {3, 8, 0, 4, 1},
        {3, 8, 10, 1, 1},      {3, 8, 11, 8, 0},      {5, 2, 4, 1, 0},
        {5, 2, 6, 2, 1},       {0, 32, 31, 1, 1},     {0, 31, 31, 1, 0},
        {4090, 8, 4097, 2, 1}, {4090, 8, 4098, 2, 0},
    };

    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        char name[64];
        int t;

        begin();
        t = hb_fork(0, 2);
        hb_write(0, mem + at[i].a, (size_t)at[i].an, PC(1));
        snprintf(name, sizeof name, "write %d+%d, read %d+%d", at[i].a,
                 at[i].an, at[i].b, at[i].bn);
        expect(name, hb_read(t, mem + at[i].b, (size_t)at[i].bn, PC(2)),
               at[i].race);
        if (at[i].race)
            check("where the other side began",
                  last.before.addr == mem + at[i].a &&
                      last.now.addr == mem + at[i].b);
    }
}

static void ranges(void)
{
    unsigned char *page =
        mem + (4096 - (uintptr_t)mem % 4096) % 4096; // a whole page inside
    int t;

    begin();
    t = hb_fork(0, 2);
    hb_write(0, page, 4096, PC(1));
    expect("one byte of a whole page", hb_read(t, page + 17, 1, PC(2)), 1);

    begin();
    hb_write(0, page, 4096, PC(1));
    t = hb_fork(0, 2);
    expect("the page was published", hb_write(t, page, 4096, PC(2)), 0);
    expect("a byte of it", hb_read(0, page + 4095, 1, PC(3)), 1);

    begin();
    t = hb_fork(0, 2);
    hb_write(t, page + 5, 1, PC(1));
    expect("free of the block around", hb_free(0, page, 64, PC(2)), 1);
    check("told as a free", last.now.op == HB_FREE);

    begin();
    t = hb_fork(0, 2);
    hb_free(0, page, 64, PC(1));
    expect("use of what another freed", hb_read(t, page + 60, 4, PC(2)), 1);
    check("told as freed", last.before.op == HB_FREE);
}

static void new_owners(void)
{
    int t, u;

    begin();
    t = hb_fork(0, 2);
    hb_write(t, mem, 64, PC(1));
    hb_new_owner(mem, 64);
    expect("a block with a new owner", hb_write(0, mem, 64, PC(2)), 0);

    begin();
    t = hb_fork(0, 2);
    hb_write(t, mem, 65, PC(1));
    hb_new_owner(mem, 64);
    expect("the byte behind it", hb_write(0, mem + 64, 1, PC(2)), 1);

    // A stack of 8 MiB, far more than was touched of it.
    begin();
    t = hb_fork(0, 2);
    u = hb_fork(0, 3);
    hb_write(t, mem, 8, PC(1));
    hb_new_owner((void *)((uintptr_t)mem - (4 << 20)), 8 << 20);
    expect("a stack of another thread", hb_write(u, mem, 8, PC(2)), 0);

    // An atomic in it must not carry an old release to its new life.
    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    hb_store(0, mem + 8, 4, RELEASE, PC(2));
    hb_new_owner(mem + 8, 4);
    hb_load(t, mem + 8, 4, ACQUIRE, PC(3));
    expect("release of the old owner", hb_read(t, mem, 4, PC(4)), 1);
}

// Message passing through one atomic; what the reader may see of the data.
static int message(int store, int load)
{
    int t;

    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    hb_store(0, mem + 8, 4, store, PC(2));
    hb_load(t, mem + 8, 4, load, PC(3));
    return hb_read(t, mem, 4, PC(4));
}

static void orders(void)
{
    expect("release, acquire", message(RELEASE, ACQUIRE), 0);
    expect("seq_cst both", message(SEQ_CST, SEQ_CST), 0);
    expect("release, consume", message(RELEASE, __ATOMIC_CONSUME), 0);
    expect("relaxed store", message(RELAXED, ACQUIRE), 1);
    expect("relaxed load", message(RELEASE, RELAXED), 1);
    expect("relaxed both", message(RELAXED, RELAXED), 1);
}

static void plain_and_atomic(void)
{
    int t;

    begin();
    t = hb_fork(0, 2);
    hb_store(0, mem, 4, SEQ_CST, PC(1));
    expect("plain read of an atomic", hb_read(t, mem, 4, PC(2)), 1);

    begin();
    t = hb_fork(0, 2);
    hb_load(0, mem, 4, SEQ_CST, PC(1));
    expect("plain read beside an atomic read", hb_read(t, mem, 4, PC(2)), 0);
    expect("plain write beside one", hb_write(t, mem, 4, PC(3)), 1);

    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    expect("atomic read of a plain write", hb_load(t, mem, 4, SEQ_CST, PC(2)),
           1);

    // The load is ordered after the initialisation by its own edge.
    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    hb_store(0, mem, 4, RELEASE, PC(2));
    expect("initialised before the store", hb_load(t, mem, 4, ACQUIRE, PC(3)),
           0);

    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    hb_store(0, mem, 4, RELEASE, PC(2));
    expect("the same, relaxed", hb_load(t, mem, 4, RELAXED, PC(3)), 1);

    begin();
    t = hb_fork(0, 2);
    hb_rmw(0, mem, 4, RELAXED, PC(1));
    expect("two updates", hb_rmw(t, mem, 4, RELAXED, PC(2)), 0);
    expect("a free of it", hb_free(0, mem, 4, PC(3)), 1);
}

enum then { NOTHING, RMW_OTHER, STORE_SAME, STORE_OTHER };

// A release, something in between, an acquire that reads the newest value.
static int sequence(enum then then, int order)
{
    int t, u;

    begin();
    t = hb_fork(0, 2);
    u = hb_fork(0, 3);
    hb_write(0, mem, 4, PC(1));
    hb_store(0, mem + 8, 4, RELEASE, PC(2));
    if (then == RMW_OTHER)
        hb_rmw(u, mem + 8, 4, order, PC(3));
    else if (then == STORE_SAME)
        hb_store(0, mem + 8, 4, order, PC(3));
    else if (then == STORE_OTHER)
        hb_store(u, mem + 8, 4, order, PC(3));
    hb_load(t, mem + 8, 4, ACQUIRE, PC(4));
    return hb_read(t, mem, 4, PC(5));
}

static void release_sequences(void)
{
    int t, u;

    expect("nothing between", sequence(NOTHING, RELAXED), 0);
    expect("another's relaxed update", sequence(RMW_OTHER, RELAXED), 0);
    expect("another's release update", sequence(RMW_OTHER, RELEASE), 0);
    expect("own relaxed store", sequence(STORE_SAME, RELAXED), 0);
    expect("another's relaxed store", sequence(STORE_OTHER, RELAXED), 1);
    expect("another's release store", sequence(STORE_OTHER, RELEASE), 1);

    // A relaxed store of another thread ends all sequences but its own.
    begin();
    t = hb_fork(0, 2);
    u = hb_fork(0, 3);
    hb_write(0, mem, 4, PC(1));
    hb_write(u, mem + 4, 4, PC(2));
    hb_rmw(0, mem + 8, 4, RELEASE, PC(3));
    hb_rmw(u, mem + 8, 4, RELEASE, PC(4));
    hb_store(u, mem + 8, 4, RELAXED, PC(5));
    hb_load(t, mem + 8, 4, ACQUIRE, PC(6));
    expect("the storer's own sequence goes on", hb_read(t, mem + 4, 4, PC(7)),
           0);
    expect("the other's has ended", hb_read(t, mem, 4, PC(8)), 1);

    // What the thread did after its release is in no sequence.
    begin();
    t = hb_fork(0, 2);
    hb_store(0, mem + 8, 4, RELEASE, PC(1));
    hb_write(0, mem, 4, PC(2));
    hb_store(0, mem + 8, 4, RELAXED, PC(3));
    hb_load(t, mem + 8, 4, ACQUIRE, PC(4));
    expect("written between release and relaxed", hb_read(t, mem, 4, PC(5)), 1);
}

static int fenced(int first, int second, int before)
{
    int t;

    begin();
    t = hb_fork(0, 2);
    if (before)
        hb_write(0, mem, 4, PC(1));
    if (first >= 0)
        hb_fence(0, first);
    if (!before)
        hb_write(0, mem, 4, PC(1));
    hb_store(0, mem + 8, 4, RELAXED, PC(2));
    hb_load(t, mem + 8, 4, RELAXED, PC(3));
    if (second >= 0)
        hb_fence(t, second);
    return hb_read(t, mem, 4, PC(4));
}

static void fences(void)
{
    int t;

    expect("release fence, acquire fence", fenced(RELEASE, ACQUIRE, 1), 0);
    expect("seq_cst fences", fenced(SEQ_CST, SEQ_CST, 1), 0);
    expect("acq_rel fences", fenced(ACQ_REL, ACQ_REL, 1), 0);
    expect("no acquire fence", fenced(RELEASE, -1, 1), 1);
    expect("no release fence", fenced(-1, ACQUIRE, 1), 1);
    expect("fences the wrong way", fenced(ACQUIRE, RELEASE, 1), 1);
    expect("written after the fence", fenced(RELEASE, ACQUIRE, 0), 1);

    // The fence must come after the load that it orders.
    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    hb_store(0, mem + 8, 4, RELEASE, PC(2));
    hb_fence(t, ACQUIRE);
    hb_load(t, mem + 8, 4, RELAXED, PC(3));
    expect("acquire fence too early", hb_read(t, mem, 4, PC(4)), 1);

    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    hb_store(0, mem + 8, 4, RELEASE, PC(2));
    hb_load(t, mem + 8, 4, RELAXED, PC(3));
    hb_fence(t, ACQUIRE);
    expect("acquire fence behind the load", hb_read(t, mem, 4, PC(4)), 0);
}

static void failed_exchange(void)
{
    int t;

    // A compare-exchange that fails is a load: it takes, but gives nothing.
    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    hb_load(0, mem + 8, 4, ACQUIRE, PC(2));
    hb_load(t, mem + 8, 4, ACQUIRE, PC(3));
    expect("failed exchange gives no order", hb_read(t, mem, 4, PC(4)), 1);

    begin();
    t = hb_fork(0, 2);
    hb_write(0, mem, 4, PC(1));
    hb_rmw(0, mem + 8, 4, ACQ_REL, PC(2));
    hb_rmw(t, mem + 8, 4, ACQ_REL, PC(3));
    expect("two that succeed do", hb_read(t, mem, 4, PC(4)), 0);
}

static void objects(void)
{
    struct hb_vc s = {{0}};
    int t, u;

    begin();
    t = hb_fork(0, 2);
    u = hb_fork(0, 3);
    hb_write(0, mem, 4, PC(1));
    hb_release(0, &s);
    hb_write(u, mem + 4, 4, PC(2));
    hb_release(u, &s);
    hb_acquire(t, &s);
    expect("two posts, first", hb_read(t, mem, 4, PC(3)), 0);
    expect("two posts, second", hb_read(t, mem + 4, 4, PC(4)), 0);

    memset(&s, 0, sizeof s);
    begin();
    t = hb_fork(0, 2);
    u = hb_fork(0, 3);
    hb_write(0, mem, 4, PC(1));
    hb_release(0, &s);
    hb_publish(u, &s);
    hb_acquire(t, &s);
    expect("published over", hb_read(t, mem, 4, PC(3)), 1);
    check("ordered by nothing", !hb_ordered(0, t));
    hb_release(0, &s);
    hb_acquire(t, &s);
    hb_write(0, mem + 4, 4, PC(4));
    check("not yet", !hb_ordered(0, t));
}

static void columns(void)
{
    struct hb_vc m = {{0}};
    int t, u;

    // Hundreds of threads one after the other need one column.
    begin();
    for (uint32_t i = 0; i < 500; i++) {
        t = hb_fork(0, 2 + i);
        check("a column is left", t > 0);
        expect("one thread after the other", hb_write(t, mem, 4, PC(i % 3)), 0);
        hb_end(t);
        hb_join(0, t);
    }
    // A parent who joined may reuse it, but not at the cost of a third.
    u = hb_fork(0, 9000);
    t = hb_fork(0, 9001);
    hb_write(t, mem, 4, PC(1));
    hb_end(t);
    hb_join(0, t);
    check("its column again", hb_fork(0, 9002) == t);
    expect("a thread beside both", hb_read(u, mem, 4, PC(2)), 1);
    check("the old name", last.before.thread == 9001);

    // One that has ended unseen keeps its column.
    begin();
    t = hb_fork(0, 2);
    hb_write(t, mem, 4, PC(1));
    hb_detach(t);
    hb_end(t);
    u = hb_fork(0, 3);
    check("another column", u != t);
    expect("not ordered", hb_read(u, mem, 4, PC(2)), 1);

    begin();
    for (int i = 1; i < HB_THREADS; i++)
        check("64 threads at once", hb_fork(0, 1 + (uint32_t)i) == i);
    check("no 65th", hb_fork(0, 100) == -1);
    hb_write(63, mem, 4, PC(1));
    hb_release(63, &m);
    hb_acquire(0, &m);
    expect("the last column", hb_read(0, mem, 4, PC(2)), 0);
    expect("beside it", hb_read(1, mem, 4, PC(3)), 1);
}

static struct hb_share *new_share(void)
{
    struct hb_share *s = mmap(NULL, hb_share_size(), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (s == MAP_FAILED)
        perror("mmap");
    hb_share(s);
    return s;
}

static void end_share(struct hb_share *s)
{
    hb_share(NULL);
    munmap(s, hb_share_size());
}

// More places than fit into one page, and more than fit at all.
static void many_touched(void)
{
    enum { PLACES = 3000, TOO_MANY = 80000 };
    struct hb_share *s = new_share();
    char *at = (char *)((uintptr_t)1 << 40);
    int t, wrong = 0;

    begin();
    t = hb_fork(0, 2);
    for (int i = 0; i < PLACES; i++) {
        hb_read(0, at + 32L * i, 4, PC(1));
        hb_read(0, at + 32L * i + 8, 4, PC(1));
        hb_read(t, at + 32L * i + 2, 1, PC(2));
    }
    for (int i = 0; i < PLACES; i++)
        wrong += !hb_touched(s, at + 32L * i, 4) ||
                 hb_touched(s, at + 32L * i + 3, 6);
    check("each of many places", !wrong);
    for (int i = 0; i < TOO_MANY; i++) {
        hb_read(0, at + 32L * i, 1, PC(1));
        hb_read(t, at + 32L * i, 1, PC(2));
    }
    check("a full table says yes", hb_touched(s, mem, 1));
    end_share(s);
}

static void touched(void)
{
    struct hb_share *s = new_share();
    int t;

    begin();
    hb_write(0, mem, 16, PC(1));
    hb_write(0, mem + 32, 4, PC(1));
    t = hb_fork(0, 2);
    hb_write(0, mem + 40, 1, PC(1));
    hb_write(t, mem + 41, 1, PC(2));
    hb_read(t, mem + 8, 4, PC(2));
    hb_free(t, mem + 32, 4, PC(3));
    check("read by two", hb_touched(s, mem + 8, 4));
    check("a part of it", hb_touched(s, mem + 4, 5));
    check("in this run", hb_shared(mem + 11, 1));
    check("touched by one", !hb_touched(s, mem, 8) && !hb_shared(mem, 8));
    check("the bytes behind", !hb_touched(s, mem + 12, 4));
    check("neighbours are not shared", !hb_touched(s, mem + 40, 8));
    check("a free is no touch", !hb_touched(s, mem + 32, 4));
    begin();
    check("kept for the next run", hb_touched(s, mem + 8, 4));
    check("but not in this one", !hb_shared(mem + 8, 4));
    end_share(s);
}

// Store buffering on x and y with these orders, T1 before T2.
static enum hb_weak buffering(int store, int load, bool two)
{
    struct hb_share *s = new_share();
    unsigned char *x = mem, *y = two ? mem + 8 : mem;
    enum hb_weak weak;
    unsigned n;
    int t;

    begin();
    t = hb_fork(0, 2);
    hb_store(0, x, 4, store, PC(1));
    hb_load(0, y, 4, load, PC(2));
    hb_store(t, y, 4, store, PC(3));
    hb_load(t, x, 4, load, PC(4));
    weak = hb_weak(s);
    hb_gaps(s, &n);
    check("gaps come with the answer", (n > 0) == (weak != HB_WEAK_NONE));
    end_share(s);
    return weak;
}

static enum hb_weak counters(int order, bool two, bool joined)
{
    struct hb_share *s = new_share();
    enum hb_weak weak;
    int t;

    begin();
    t = hb_fork(0, 2);
    hb_rmw(t, mem, 4, order, PC(1));
    hb_rmw(t, mem + 8, 4, order, PC(2));
    if (joined) {
        hb_end(t);
        hb_join(0, t);
    }
    hb_rmw(0, mem, 4, order, PC(3));
    if (two)
        hb_rmw(0, mem + 8, 4, order, PC(4));
    weak = hb_weak(s);
    end_share(s);
    return weak;
}

static void weak_memory(void)
{
    struct hb_share *s;
    int t;

    check("store buffering, seq_cst",
          buffering(SEQ_CST, SEQ_CST, true) == HB_WEAK_NONE);
    check("store buffering, release and acquire",
          buffering(RELEASE, ACQUIRE, true) == HB_WEAK_BOUND);
    check("store buffering, release and seq_cst",
          buffering(RELEASE, SEQ_CST, true) == HB_WEAK_BOUND);
    check("store buffering, seq_cst and acquire",
          buffering(SEQ_CST, ACQUIRE, true) == HB_WEAK_BOUND);
    check("one place only",
          buffering(RELEASE, ACQUIRE, false) == HB_WEAK_ONE_PLACE);
    check("a relaxed counter",
          counters(RELAXED, false, false) == HB_WEAK_ONE_PLACE);
    check("two relaxed counters",
          counters(RELAXED, true, false) == HB_WEAK_RMW);
    check("two counters", counters(SEQ_CST, true, false) == HB_WEAK_NONE);
    check("ordered by join", counters(RELAXED, true, true) == HB_WEAK_NONE);

    // A failed trylock is a second place.
    s = new_share();
    begin();
    t = hb_fork(0, 2);
    hb_store(0, mem, 4, RELEASE, PC(1));
    hb_load(t, mem, 4, ACQUIRE, PC(2));
    check("before the trylock", hb_weak(s) == HB_WEAK_ONE_PLACE);
    hb_unordered(mem + 8);
    check("after it", hb_weak(s) == HB_WEAK_BOUND);
    end_share(s);

    // Two processes that saw one place each, and it is not the same.
    {
        struct hb_share *parts[2];
        struct hb_part part[2];
        struct hb_gap worst;

        for (int i = 0; i < 2; i++) {
            part[i].share = parts[i] = new_share();
            part[i].base = (uintptr_t)mem;
            begin();
            t = hb_fork(0, 2);
            hb_store(0, mem + 8 * i, 4, RELEASE, PC(9 - i));
            hb_load(t, mem + 8 * i, 4, ACQUIRE, PC(4));
        }
        check("each alone", hb_weak_over(part, 1, &worst) == HB_WEAK_ONE_PLACE);
        check("both", hb_weak_over(part, 2, &worst) == HB_WEAK_BOUND);
        check("the first pair",
              worst.before_pc == (void *)((uintptr_t)PC(8) - (uintptr_t)mem));
        part[1].base = (uintptr_t)mem + 8;
        check("the same place elsewhere",
              hb_weak_over(part, 2, &worst) == HB_WEAK_ONE_PLACE);
        end_share(parts[0]);
        munmap(parts[1], hb_share_size());
    }

    // So is another object that lives at the same address later.
    s = new_share();
    begin();
    t = hb_fork(0, 2);
    for (int i = 0; i < 2; i++) {
        hb_new_owner(mem, 4);
        hb_store(0, mem, 4, RELEASE, PC(1));
        hb_load(t, mem, 4, ACQUIRE, PC(2));
    }
    check("two lives at one address", hb_weak(s) == HB_WEAK_BOUND);
    end_share(s);
}

int main(void)
{
    fork_and_join();
    siblings();
    every_racy_access_is_told();
    mutex();
    epochs();
    bytes();
    ranges();
    new_owners();
    orders();
    plain_and_atomic();
    release_sequences();
    fences();
    failed_exchange();
    objects();
    columns();
    touched();
    many_touched();
    weak_memory();
    check("memory is left", !hb_exhausted());
    if (!failures)
        puts("all rules hold");
    return failures ? 1 : 0;
}

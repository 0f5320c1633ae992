// The race clock: which access happens before which, and which two race.
//
// Vector clocks over at most HB_THREADS threads that are not ordered with each
// other, release and acquire on objects the caller owns, C11 atomics with their
// memory orders, and a check of every access against a shadow of memory that is
// exact to the byte. Only what C11 and POSIX call synchronises-with belongs
// here; the dependence of the reduction is another relation.
//
// After DJIT+ (Pozniansky and Schuster, 2003, section 4) with the epochs of
// FastTrack (Flanagan and Freund, PLDI 2009, section 3) as its fast path, but
// keeping every maximal access of a byte, so that each racy access is reported,
// not only the first of a byte.
//
// One thread of the program runs at a time: nothing here locks. Nothing here
// calls libc, allocates with malloc or keeps errno; all of it may be called
// from a hook in any state of the program. Memory comes from mmap and belongs
// to this process: what a fork inherits is copied on write.
#ifndef RL_HB_H
#define RL_HB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HB_THREADS = 64 };

// A vector clock; all zero is "ordered after nothing". The caller keeps one in
// each synchronisation object of its own.
struct hb_vc {
    uint32_t c[HB_THREADS];
};

// What an access does. The weak atomics are those weaker than seq_cst.
enum hb_op {
    HB_READ,
    HB_WRITE,
    HB_FREE, // the end of a block's life: a write of all of it
    HB_LOAD_SC,
    HB_LOAD_WEAK,
    HB_STORE_SC,
    HB_STORE_WEAK,
    HB_RMW_SC,
    HB_RMW_WEAK,
    HB_OPS
};

struct hb_side {
    uint32_t thread; // the caller's number of the thread
    uint32_t ctx;    // what hb_context said when the access was made
    const void *pc;
    const void *addr; // where the access began
    size_t size;
    enum hb_op op;
};

struct hb_race {
    const void *addr; // the first byte that both sides touch
    struct hb_side now;
    struct hb_side before;
    bool has_value; // before was the newest write and `value` is what it left
    uint64_t value;
};

// Called inside the access that completes a race, before the access happens.
// Each pair of (pc, op) with (pc, op) is reported once.
typedef void hb_report_fn(const struct hb_race *race);

// Called once by a process that forks the runs, one at a time: the first memory
// that a run needs is then shared with it and the next run finds it warm, which
// saves most of the page faults. Without it, or where it fails, runs are right
// but slower.
void hb_serve(void);

// Empties all state. The calling thread is slot 0 and has the number `name`.
// False when there is no memory: then nothing else here may be called.
bool hb_start(uint32_t name, hb_report_fn *report);

// True when memory for the shadow ran out: from then on races may be missed,
// so the run must not end as "no race".
bool hb_exhausted(void);

// Threads. A slot is a column of the clocks; the slot of a thread that has been
// joined is given away again where that cannot be told from a column of its
// own. hb_fork returns the child's slot, or -1 when all are taken.
// hb_end: the thread's last step. hb_join: `t` has joined the ended `child`.
// hb_detach: nobody will join `child`, which may still run.
int hb_fork(int parent, uint32_t name);
void hb_end(int t);
void hb_join(int t, int child);
void hb_detach(int child);

// A number of the caller's (locks held, call stack) kept with each access that
// `t` makes from here on and given back in reports.
void hb_context(int t, uint32_t ctx);

// Edges for what the caller models itself.
//   mutex      unlock: hb_release        lock: hb_acquire
//   semaphore  post: hb_release          wait: hb_acquire
//   rwlock     keep two clocks: a writer's unlock releases into W, a reader's
//              into R; a reader acquires W, a writer acquires W and R
//   barrier    a clock a generation: every arrival releases, every leave
//              acquires, hb_clear_vc when the last has left
//   once       end of the routine: hb_release; every return: hb_acquire
// hb_publish replaces what the object had instead of adding to it.
void hb_acquire(int t, const struct hb_vc *from);
void hb_release(int t, struct hb_vc *to);
void hb_publish(int t, struct hb_vc *to);
void hb_clear_vc(struct hb_vc *vc);

// True when all that `t` did until now happens before the next step of `u`.
bool hb_ordered(int t, int u);

// Plain accesses, of any size and alignment. More than 0 when the access is
// racy, also where the race was reported before; the atomics below likewise.
int hb_access(int t, enum hb_op op, const void *addr, size_t size,
              const void *pc);

static inline int hb_read(int t, const void *addr, size_t size, const void *pc)
{
    return hb_access(t, HB_READ, addr, size, pc);
}

static inline int hb_write(int t, const void *addr, size_t size, const void *pc)
{
    return hb_access(t, HB_WRITE, addr, size, pc);
}

static inline int hb_free(int t, const void *addr, size_t size, const void *pc)
{
    return hb_access(t, HB_FREE, addr, size, pc);
}

// The bytes get a new owner (a block from malloc, a stack or TLS block at the
// start of a thread, a mapping): nothing that was done to them before counts,
// nor do atomics that lived there.
void hb_new_owner(const void *addr, size_t size);

// Atomics: called once for what the operation turned out to be. `order` is one
// of __ATOMIC_*; a compare-exchange that failed is a load with its failure
// order. The caller must do the operation before any other thread runs.
int hb_load(int t, const void *addr, size_t size, int order, const void *pc);
int hb_store(int t, const void *addr, size_t size, int order, const void *pc);
int hb_rmw(int t, const void *addr, size_t size, int order, const void *pc);
void hb_fence(int t, int order);

// What is collected over many runs, in memory that forked runs share
// (MAP_SHARED). hb_share names it for this process and those it forks: zeroed
// memory of hb_share_size() bytes, or NULL for none.
struct hb_share;
size_t hb_share_size(void);
void hb_share(struct hb_share *share);

// True when some run so far had two threads touch one of these bytes, or when
// the table is full. Addresses are those of one zygote: the same in each fork.
bool hb_touched(const struct hb_share *share, const void *addr, size_t size);

// True when two threads touched one of these bytes in this run, so far.
bool hb_shared(const void *addr, size_t size);

// The gap between interleavings and what a machine does.
//
// If in no interleaving two conflicting atomics, not both seq_cst, are
// unordered by happens-before, the program shows nothing but interleavings
// (DRF-SC: Lahav et al., PLDI 2017, theorem 4). An edge that the load itself
// makes does not count. A cycle that no interleaving shows also needs
// unordered conflicts at two locations. So, over all runs of a search:
enum hb_weak {
    HB_WEAK_NONE,      // no such pair
    HB_WEAK_ONE_PLACE, // all unordered conflicts of atomics at one address
    HB_WEAK_RMW,       // only pairs with a read-modify-write weaker than
                       // seq_cst: full barriers on x86, not in C11
    HB_WEAK_BOUND,     // a machine may show what no interleaving does
};
enum hb_weak hb_weak(const struct hb_share *share);

// Pairs behind that answer, in the order in which runs found them (with several
// runs at once any order: sort before printing); `n` of them. `strong` marks a
// pair that only HB_WEAK_RMW is about.
struct hb_gap {
    const void *addr;
    const void *pc, *before_pc;
    uint8_t op, before_op; // enum hb_op
    bool strong;
};
const struct hb_gap *hb_gaps(const struct hb_share *share, unsigned *n);

// The same over several collections of one search. Each comes from a process of
// its own, whose program was loaded at `base`. Where the answer is RMW or
// BOUND, `worst` gets a pair that it rests on: the first by its places in the
// program, whichever process found it, addresses relative to `base`.
struct hb_part {
    const struct hb_share *share;
    uintptr_t base;
};
enum hb_weak hb_weak_over(const struct hb_part *parts, unsigned n,
                          struct hb_gap *worst);

// A thread touched the stack of another: noted by the caller, and asked.
void hb_stack_met(void);
bool hb_stacks_met(const struct hb_share *share);

// An operation of the caller's that read or changed the state of an object
// without being ordered with what it saw (a failed trylock, a signal that
// found nobody): counts as an unordered conflict at `addr`.
void hb_unordered(const void *addr);

// "read", "write", "free", "atomic read", "atomic write", "atomic update"
const char *hb_op_name(enum hb_op op);

#endif

// What the driver and the program under control say to each other: one
// shared mapping, written by the driver before a run (job) and by the run
// (trace, world, result). It lies outside what a fork copies. No pointer in
// it is followed by the driver: addresses are only names.
#ifndef RX_PROTO_H
#define RX_PROTO_H

#include "../model/model.h"
#include "../search/executor.h"

#include <stdint.h>

enum {
    RX_PROTO_VERSION = 4, // of the meaning: tokens carry it
    RX_LAYOUT = 2,        // of what follows, where the size does not show it
    RX_MAX_STEPS = 1 << 20,
    RX_MAX_OBJECTS = 2048,
    RX_MAX_FINDINGS = 32,
    RX_MAX_LOCKS = 8,
    RX_PARTIES = 4,
    RX_MAX_CONTEXTS = 1 << 16,
    RX_PARAMS = 4,
    RX_EXIT_EARLY = 3, // param: main may end while others can go on
};

// The descriptors the driver leaves open for the program.
enum {
    RX_FD_SHM = 190,
    RX_FD_STDIN,
    RX_FD_STDOUT,
    RX_FD_STDERR,
    RX_FD_CAME, // gets a byte and is closed before the program's own code
};

struct rx_pick { // one decision
    uint8_t thread;
    uint8_t choice;
};

struct rx_event { // one step as it was taken
    struct rl_step step;
    uint8_t thread;
    uint8_t choice;
    uint8_t child; // of a create
    uint8_t time_moved;
    uint8_t looked;   // of a wait: it has read what others write since it
                      // locked the mutex
    int32_t result;   // what the call returned so far
    uint64_t choices; // of this thread
    uint64_t enabled; // threads that could have gone on
    uint64_t woke;
    uint64_t value;                  // read or written
    uint64_t addr;                   // of a plain access
    uint64_t alloc_pc, alloc_offset; // and the heap block it lies in
    uint64_t pc;                     // return address of the call or hook
    int64_t now;
    uint32_t round; // of a barrier
    uint32_t size;  // of an access
};

struct rx_object {     // beside the world's object of the same id
    uint64_t addr;     // the key is this, less what differs between machines
    uint64_t alloc_pc; // of the heap block it lies in, or 0
    uint64_t alloc_offset;
    uint64_t pc; // first touch
    uint32_t thread;
    int32_t stack_of; // thread on whose stack it lies, or -1
};

// Exit codes before RX_FD_CAME is closed: built for another version, no memory.
enum { RX_OTHER_VERSION = 71, RX_NO_ROOM = 70 };

// What ended a program between then and its main, beside itself: a call there
// that is not modelled, descriptors that it closed.
enum rx_early { RX_EARLY_NONE, RX_EARLY_CALL, RX_EARLY_FILES };

enum rx_end {
    RX_END_NONE, // died before it could say more: see status
    RX_END_EXIT,
    RX_END_STANDSTILL,
    RX_END_STEPS,       // step limit
    RX_END_BUSY,        // a loop with no visible access
    RX_END_TIMEOUT,     // the outer limit of time
    RX_END_BLOCKED,     // the running thread sits in the kernel
    RX_END_UNSUPPORTED, // see what, what_pc
    RX_END_ASSERT,      // see what, what_pc
    RX_END_CRASH,
    RX_END_DIVERGED, // a prefix asked for what cannot be
    RX_END_STOPPED,  // by the strategy: nothing new that way
    RX_END_ASLEEP,   // the same, of the search
};

enum rx_kind {
    RX_DATA_RACE,
    RX_DEADLOCK,
    RX_SELF_DEADLOCK,
    RX_HANG,
    RX_LOST_WAKEUP,
    RX_LIVELOCK,
    RX_LOCK_LEAK,
    RX_BAD_UNLOCK,
    RX_BAD_DESTROY,
    RX_USE_AFTER_FREE,
    RX_THREAD_LEAK,
    RX_CUT_OFF,
    RX_API_MISUSE,
    RX_ASSERT,
    RX_CRASH,
    RX_WRONG_OUTPUT,
    RX_EXIT_CODE,
    RX_NONDETERMINISM,
    RX_TIMEOUT,
    RX_KINDS
};

enum rx_act { // what a thread of a finding does
    RX_READS,
    RX_WRITES,
    RX_READS_ATOMIC,
    RX_WRITES_ATOMIC,
    RX_LOCKS,
    RX_UNLOCKS,
    RX_HOLDS,
    RX_WAITS,
    RX_SIGNALS,
    RX_JOINS,
    RX_ENDS,
    RX_LIVES,
    RX_FREES,
    RX_DESTROYS,
    RX_CALLS,
    RX_EXITS,
    RX_ALLOCATES,
    RX_ACTS
};

#define RX_NO_OBJECT UINT32_MAX

struct rx_party {
    uint8_t thread;
    uint8_t act; // enum rx_act
    uint8_t nlocks;
    uint8_t spare;
    uint32_t object; // lock, condition, ... or RX_NO_OBJECT
    uint64_t pc;
    uint32_t locks[RX_MAX_LOCKS];
};

struct rx_finding { // seen by the runtime itself
    uint8_t kind;   // enum rx_kind
    uint8_t note;   // 1: told, never a fail
    uint8_t detail; // enum rl_finding_kind, or the kind's own
    uint8_t nparties;
    uint32_t object;
    uint64_t addr; // the variable, for races and use after free
    uint64_t size;
    uint64_t alloc_pc, alloc_offset;
    uint64_t step;
    struct rx_party party[RX_PARTIES];
};

enum rx_needs {        // what a schedule relied on, as bits
    RX_NEEDS_SLOW = 1, // a thread slower than another's sleep or timeout
    RX_NEEDS_SPURIOUS = 2,
    RX_NEEDS_WEAK_CAS = 4,
};

struct rx_hold {
    uint32_t object;
    uint32_t spare;
    uint64_t pc;
};

struct rx_thread {
    uint64_t start; // address of its start function, 0 for main
    uint64_t create_pc;
    uint64_t pc;     // of the pending step
    uint32_t points; // points it reached
    uint32_t outputs;
    uint32_t at_work; // it has just entered the work function
    uint32_t nholds;  // locks held, and where each was taken
    struct rx_hold hold[RL_HELD];
    uint64_t caller[4]; // innermost frames first, return addresses
};

enum rx_plain {
    RX_PLAIN_NONE,
    RX_PLAIN_SHARED, // plain accesses on the list of shared places
};

struct rx_job {
    char strategy[16];
    uint64_t seed;
    int64_t param[RX_PARAMS];
    uint32_t max_steps;
    uint32_t plain;    // enum rx_plain: which plain accesses are points
    uint32_t story;    // note plain accesses to shared places too
    uint32_t record;   // note what is shared between threads
    uint32_t nprefix;  // picks to follow before the strategy decides
    uint32_t reuse;    // malloc gives out what was freed last
    uint32_t debug;    // wait for a debugger, and stop where a finding is
    uint32_t debug_at; // and before this event
    struct rl_budget budget;
    // For the search: what sleeps after sleep_from picks of the prefix.
    uint64_t work_low, work_high; // the work function, less load_base
    uint32_t sleep_from;
    struct rl_rules rules;
    struct rl_sleep sleep;
};

struct rx_result {
    uint32_t end;   // enum rx_end
    int32_t status; // as waitpid gives it
    int32_t exit_code;
    int32_t signal;
    uint32_t nevents, nfindings, npoints;
    uint32_t max_alive;
    uint32_t mallocs, frees; // by the program
    uint32_t heap_atomics;   // an atomic held the address of a heap block
    uint32_t reused,
        reuse_open;   // blocks given out again; in one way of several
    uint32_t at_work; // most threads in the work function at one moment
    uint32_t running; // who had the token last
    uint32_t needs;   // enum rx_needs
    uint32_t slow_waiter, slow_other; // for RX_NEEDS_SLOW
    int64_t slow_ns;
    uint32_t blurred;    // a lock: see rt/section.c
    uint64_t blurred_pc; // of the loop or the try, or 0
    uint64_t cut;  // threads that could still go on when the process ended
    uint64_t hash; // of all events
    uint64_t what_pc;
    uint64_t fault_addr;
    uint64_t out_len, err_len;
    char what[160];
    struct rx_thread thread[RL_THREADS + 1];
    struct rx_finding finding[RX_MAX_FINDINGS];
    struct rx_object object[RX_MAX_OBJECTS];
};

// What a thread held when it touched memory; number 0 is nothing.
struct rx_context {
    uint32_t nlocks;
    uint32_t locks[RX_MAX_LOCKS];
};

struct rx_shm {
    uint32_t version;
    _Atomic uint32_t ready; // the zygote stands before main
    _Atomic uint32_t job_seq, done_seq;
    _Atomic uint32_t child;       // pid of the run under way
    _Atomic uint32_t progress;    // grows with every point
    uint32_t handovers;           // of the token, over all runs
    uint32_t early;               // enum rx_early
    uint64_t load_base;           // address of the file's first byte
    uint64_t image_end;           // and what follows its last
    uint64_t main_stack;          // where main's frames begin
    uint64_t share_at, frozen_at; // offsets of two struct hb_share
    struct rx_job job;
    struct rx_result result;
    struct rx_context context[RX_MAX_CONTEXTS];
    struct rx_pick prefix[RX_MAX_STEPS];
    struct rx_event event[RX_MAX_STEPS];
    // Last, because its size is only known to the model.
    _Alignas(64) unsigned char world[];
};

// What both sides must agree on.
#define RX_VERSION                                                             \
    ((uint32_t)((RX_PROTO_VERSION * 1000003u + RX_LAYOUT) * 101u +             \
                sizeof(struct rx_shm)))

#endif

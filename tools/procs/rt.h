/*
 * Inside of libprocs.a, which is linked into a program of several processes.
 * One process runs at a time: __wrap_main forks a run of the program for each
 * schedule and hands a turn from one process to the next (server.c). A process
 * runs to its next point, a call that another process can notice; whether it
 * may go on there is asked of the kernel or of the objects below, never
 * guessed. All of it lies in memory that the processes share, and who has the
 * turn may change it, so nothing here needs a lock.
 *
 * Happens-before by vector clocks, one place for each process: fork, wait, a
 * mutex, semaphore or condition, an atomic, a pipe (each message has the clock
 * of its write), flock. What is printed stands in tell.h.
 */
#ifndef PROCS_RT_H
#define PROCS_RT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    PROCESSES = 24,    /* of one run, the first one too */
    OBJECTS = 512,     /* locks, semaphores, pipes */
    SEGMENTS = 32,     /* mappings that processes share */
    CELLS = 1 << 14,   /* words of shared memory with a history */
    BUCKETS = 1 << 15, /* for finding them */
    NOTES = 32,        /* findings of one run */
    MESSAGES = 64,     /* writes that a pipe can hold apart */
    ENDS = 48,         /* open pipe ends of a process that are told */
    HELD = 8,
    PIPE_HOLDS = 4096, /* bytes: what a program may rely on, and no more */
    STREAK = 400,      /* points without a change before another has a turn */
    POINTS = 60000,    /* of one run: more is a livelock */
};

enum procs_state {
    PROCS_NONE,
    PROCS_WAITS, /* for its turn, at a point */
    PROCS_RUNS,
    PROCS_ENDS, /* has said that it ends */
    PROCS_DEAD,
};

struct procs_clock {
    uint32_t at[PROCESSES];
};

/* What a process is about to do. */
struct procs_step {
    const char *op; /* "lock", "read", "wait for a process", ... */
    uint64_t object;
    uintptr_t pc;
    int number; /* of an object in objects, or -1 */
    int target; /* the process that is waited for; -1: any, or none */
};

struct procs_end {
    uint64_t pipe;
    bool writes, reads;
};

struct procs_process {
    pid_t pid;
    int pidfd; /* the server's */
    int parent;
    enum procs_state state;
    _Atomic uint32_t turn;
    uint32_t points, streak;
    uint32_t blocked_at; /* the version at which it could not go on */
    bool held_up, tired, timed, expired;
    int waits_on; /* a condition, as a number of an object; -1 */
    long ticket;
    bool signalled;
    bool waited, looked; /* somebody waited for it; and took its status */
    bool asked_to_end;   /* by kill, from another process of the program */
    int status;
    struct procs_step now;
    struct procs_clock clock;
    int held[HELD], nheld;
    struct procs_end ends[ENDS];
    int nends;
    uintptr_t born;
};

struct procs_message {
    uint64_t bytes;
    struct procs_clock clock;
};

enum procs_kind {
    PROCS_MUTEX,
    PROCS_SEM,
    PROCS_COND,
    PROCS_BARRIER,
    PROCS_WORD, /* an atomic */
    PROCS_PIPE,
    PROCS_FILE,
};

struct procs_object {
    uint64_t key;
    enum procs_kind kind;
    bool shared;     /* in memory that processes share */
    bool is_pshared; /* made for several processes */
    bool made;       /* an init of its own was seen */
    bool told;       /* that it is not */
    int type;
    bool robust;
    int owner, depth; /* of a mutex; -1: free */
    bool owner_died;
    uint32_t users; /* a bit for each process */
    int first;
    uintptr_t first_pc, born;
    long value; /* of a semaphore; of a barrier: how many are there */
    long limit, round;
    struct procs_clock clock;
    struct procs_message messages[MESSAGES];
    int oldest, nmessages;
};

struct procs_segment {
    uintptr_t start, length;
    uint64_t id, offset;
    uint32_t mapped; /* a bit for each process */
    uintptr_t born;
};

struct procs_access {
    uint32_t clock;
    uint32_t pc; /* relative to the program */
    uint8_t mask;
    bool atomic, own_lock;
};

/* The last read and write of four bytes by each process. */
struct procs_cell {
    uint64_t key;
    uint32_t next; /* in the bucket, plus one */
    struct procs_access reads[PROCESSES], writes[PROCESSES];
};

struct procs_note {
    const char *kind; /* race, not-shared, not-owner */
    int a, b;
    const char *a_op, *b_op;
    uintptr_t a_pc, b_pc, born;
    uint64_t offset;
    bool own_lock; /* a lock was held, of which each process has its own */
};

enum procs_order { ORDER_FIRST, ORDER_LAST, ORDER_TURNS };

struct procs_shared {
    _Atomic uint32_t called; /* the server's turn */
    uint32_t version;        /* of the state: a step has been made */
    uint32_t run;
    bool telling; /* at a standstill: say what you have open */
    enum procs_order order;
    int hold_process;
    uint32_t hold_point;
    struct procs_step held; /* what the held process was about to do */
    uint32_t points;
    int most_alive;
    char refused[64]; /* a call that is not modelled */
    int count;
    struct procs_process processes[PROCESSES];
    int nobjects;
    struct procs_object objects[OBJECTS];
    int nsegments;
    struct procs_segment segments[SEGMENTS];
    uint64_t next_id;
    uintptr_t low, high; /* of all mappings */
    int nnotes;
    struct procs_note notes[NOTES];
    uint32_t ncells;
    uint32_t buckets[BUCKETS];
    struct procs_cell cells[CELLS];
    char names[16][32]; /* of sem_open */
    _Alignas(64) char named[16][64];
};

extern struct procs_shared *procs; /* NULL: no run */
extern int procs_me;
extern uintptr_t procs_base;

#define PROCS_PC ((uintptr_t)__builtin_return_address(0) - 1)

static inline struct procs_process *procs_self(void)
{
    return &procs->processes[procs_me];
}

/* turn.c. A step: procs_point, then try; while that fails procs_block; then
 * procs_went. */
void procs_point(struct procs_step step);
void procs_block(void);
void procs_went(void);
void procs_yield(void); /* another has the turn, if one can use it */
void procs_call(void);  /* gives the turn to the server */
void procs_await(struct procs_process *p);
_Noreturn void procs_refuse(const char *what);
void procs_futex_wait(_Atomic uint32_t *word, uint32_t value, long ms);
void procs_futex_wake(_Atomic uint32_t *word);

/* clock.c */
void procs_acquire(const struct procs_clock *from);
void procs_release(struct procs_clock *to);
struct procs_object *procs_object(uint64_t key, enum procs_kind kind);
struct procs_object *procs_object_at(const void *address, enum procs_kind kind);
struct procs_step procs_step(const char *op, struct procs_object *o,
                             uintptr_t pc);
void procs_note(struct procs_note note);

/* memory.c */
bool procs_find(uintptr_t address, uint64_t *id, uint64_t *offset,
                uintptr_t *born);
void procs_access(uintptr_t address, size_t size, bool write, bool atomic,
                  uintptr_t pc);

/* process.c: what a process that ends leaves */
void procs_leave(void);
/* mutex.c: copies of private locks for a child; locks of the dead */
void procs_objects_fork(int parent, int child);
void procs_objects_death(int process);

/* tell.c */
void procs_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
void procs_tell_end(void);
/* server.c */
int procs_serve(int argc, char **argv, char **envp);

#endif

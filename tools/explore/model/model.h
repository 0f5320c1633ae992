/*
 * The pure model of every synchronisation primitive: what a step does to the
 * world, when it may run and in how many ways. It runs nothing, prints
 * nothing, allocates nothing and has no global state; the runtime in the
 * program, the executor of generated programs and the search all use it.
 *
 * The life of a call, as an executor drives it:
 *
 *   struct rl_step s = rl_step(RL_MUTEX_LOCK);
 *   rl_ref(world, &s, RL_MUTEX, key, kind);
 *   rl_post(world, thread, &s);            the thread now stands at this step
 *   ... rl_choices(world, thread) says in which ways it may go on now
 *   ... rl_apply(world, thread, choice, &effect) carries it out
 *   if (effect.done) the call returns effect.result
 *   else the model has posted the call's next step itself (a wait is wait,
 *   wake, relock; a barrier arrive, leave): let the scheduler choose again.
 *
 * What other threads do never changes which step a thread stands at, only the
 * choices it has there. The search depends on that.
 *
 * Choices that need a budget are taken at the step where they begin:
 *  - a spurious wakeup at the wait: the mutex is released and the thread goes
 *    to relock without ever queueing. An execution in which it queues, is
 *    chosen by no signal and then wakes spuriously differs in nothing that
 *    any thread can see, and a hang stays a state without enabled steps.
 *  - an early timer (RL_EARLY) at the wait that it ends.
 *  - a weak compare-exchange that fails (RL_WEAK_FAIL).
 */
#ifndef RL_EXPLORE_MODEL_H
#define RL_EXPLORE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Threads are slots 0 .. RL_THREADS-1; slot 0 is main. Slots are never used
 * again. A set of threads, or of choices, is a uint64_t. */
#define RL_THREADS 63
/* As a signal's choice: nobody waited. As an owner: nobody. */
#define RL_NOBODY 63
#define RL_REFS 4
#define RL_HELD 24
#define RL_FINDINGS 4

/* The id of an object that has no state of its own in the world: threads,
 * the clock, the process, streams, hidden state, plain memory. */
#define RL_NO_ID UINT32_MAX

#define RL_BIT(i) (UINT64_C(1) << (i))

enum rl_op {
    RL_NONE,
    /* threads */
    RL_CREATE,      /* result 0; effect.child = slot; the child is at START */
    RL_START,       /* posted by the model for a new thread */
    RL_END,         /* the thread is over (after its destructors) */
    RL_JOIN,        /* refs: the thread's object; arg: slot */
    RL_TRYJOIN,     /* EBUSY while it runs */
    RL_DETACH,      /* arg: slot */
    RL_CANCEL,      /* arg: slot */
    RL_TEST_CANCEL, /* a cancellation point and nothing else */
    RL_YIELD,       /* also sched_yield and any point without effect */
    RL_ABANDON,     /* posted by the model at END: a robust mutex it holds */
    /* mutexes */
    RL_MUTEX_INIT, /* kind is the ref's kind */
    RL_MUTEX_DESTROY,
    RL_MUTEX_LOCK,
    RL_MUTEX_TRYLOCK,
    RL_MUTEX_TIMEDLOCK, /* arg: deadline, virtual ns */
    RL_MUTEX_UNLOCK,
    RL_MUTEX_CONSISTENT,
    /* condition variables; refs: the condition, then the mutex */
    RL_COND_INIT,
    RL_COND_DESTROY,
    RL_COND_WAIT,
    RL_COND_TIMEDWAIT, /* arg: deadline */
    RL_COND_WAKE,      /* posted by the model: leave the queue */
    RL_COND_RELOCK,    /* posted by the model: take the mutex again */
    RL_COND_SIGNAL,    /* choice: the victim's slot, or RL_NOBODY */
    RL_COND_BROADCAST,
    /* read-write locks */
    RL_RW_INIT,
    RL_RW_DESTROY,
    RL_RW_RDLOCK,
    RL_RW_TRYRDLOCK,
    RL_RW_TIMEDRDLOCK,
    RL_RW_WRLOCK,
    RL_RW_TRYWRLOCK,
    RL_RW_TIMEDWRLOCK,
    RL_RW_UNLOCK,
    /* spin locks */
    RL_SPIN_INIT,
    RL_SPIN_DESTROY,
    RL_SPIN_LOCK,
    RL_SPIN_TRYLOCK,
    RL_SPIN_UNLOCK,
    /* barriers */
    RL_BARRIER_INIT, /* arg: count */
    RL_BARRIER_DESTROY,
    RL_BARRIER_ARRIVE,
    RL_BARRIER_LEAVE, /* posted by the model; result RL_SERIAL_THREAD or 0 */
    /* semaphores */
    RL_SEM_INIT, /* arg: value */
    RL_SEM_DESTROY,
    RL_SEM_WAIT,
    RL_SEM_TRYWAIT,
    RL_SEM_TIMEDWAIT, /* arg: deadline */
    RL_SEM_POST,
    RL_SEM_GETVALUE, /* effect.value */
    /* once */
    RL_ONCE_ENTER, /* effect.value 1: run the routine, then post RL_ONCE_DONE */
    RL_ONCE_DONE,
    RL_ONCE_RESET, /* the routine was cancelled */
    /* atomics: the values live in the program, the model counts changes */
    RL_ATOMIC_LOAD,
    RL_ATOMIC_STORE,
    RL_ATOMIC_RMW,
    RL_ATOMIC_CAS,
    RL_ATOMIC_CAS_WEAK, /* choice RL_GO or RL_WEAK_FAIL */
    RL_FENCE,
    /* time */
    RL_CLOCK_READ, /* effect.value: virtual ns */
    RL_SLEEP,      /* arg: ns from now; the model posts SLEEP_WAKE */
    RL_SLEEP_WAKE,
    /* the world outside and hidden state */
    RL_OUTPUT, /* refs: the stream; the process is added by rl_post */
    RL_INPUT,  /* refs: the stream */
    RL_LIBC_READ,
    RL_LIBC_WRITE, /* refs: the hidden state of rand, strtok, ... */
    RL_EXIT,       /* arg: exit code. The last step of the process */
    /* plain memory, for the strategies that switch there */
    RL_PLAIN_READ,
    RL_PLAIN_WRITE,
    /* a loop that waits: enabled once a ref's object has changed since
     * arg = rl_versions() at the time of posting */
    RL_PARK,
    RL_OPS
};

enum rl_class {
    RL_NO_CLASS,
    RL_THREAD, /* key: slot */
    RL_SPAWN,  /* one object: the numbering of threads */
    RL_MUTEX,
    RL_COND,
    RL_RWLOCK,
    RL_SPIN,
    RL_BARRIER,
    RL_SEM,
    RL_ONCE,
    RL_ATOMIC,
    RL_CLOCK,   /* one object: virtual time */
    RL_STREAM,  /* key: output stream or file */
    RL_PROCESS, /* one object: alive until RL_EXIT */
    RL_HIDDEN,  /* key: the piece of libc state */
    RL_MEMORY,  /* plain locations */
    RL_CLASSES
};

/* How a step uses an object. What commutes with what: depend.h. */
enum rl_mode {
    RL_READ,
    RL_WRITE,
    RL_ACQUIRE, /* takes it, may have to wait */
    RL_TRY,     /* takes it or fails */
    RL_RELEASE,
    RL_SHARE,   /* read lock */
    RL_QUEUE,   /* starts to wait */
    RL_LEAVE,   /* stops waiting */
    RL_WAKE,    /* signal, broadcast */
    RL_UNSHARE, /* gives a read lock back */
    RL_CARRY,   /* names it for a later step of the same call */
    RL_MODES
};

enum rl_kind {
    RL_PLAIN_KIND,     /* mutex: normal (default); rwlock: prefer readers */
    RL_RECURSIVE = 1,  /* mutex */
    RL_ERRORCHECK = 2, /* mutex */
    RL_KIND_MASK = 3,
    RL_ROBUST = 4,        /* mutex, or-ed in */
    RL_PREFER_WRITER = 8, /* rwlock: a waiting writer holds readers off */
};

/* Values of a choice. For a signal it is the victim's slot; for the leave of
 * the lowest slot in a barrier's round, the slot of the serial thread. */
enum rl_choice {
    RL_GO,
    RL_TIMEOUT,   /* its time has come on the virtual clock */
    RL_EARLY,     /* its time comes early: some other thread is slow */
    RL_SPURIOUS,  /* the wait ends at once, returning 0 */
    RL_WEAK_FAIL, /* compare_exchange_weak fails */
    RL_CANCELLED, /* acts on a cancellation; effect.cancelled */
};

enum rl_flag {
    RL_CANCEL_POINT = 1, /* the call is a cancellation point */
    /* Set by the executor in the pending step just before rl_apply: this
     * store or compare-exchange leaves the value as it is; this unlock ends
     * a section in which nothing was changed. */
    RL_NO_CHANGE = 2,
    RL_DETACHED = 4,      /* RL_CREATE of a detached thread */
    RL_RESULT_UNUSED = 8, /* nobody looks who was the serial thread */
    RL_QUEUED = 16,       /* the model's own: a writer that waits */
    RL_TIMED = 32,        /* the model's own: may end by the clock */
    RL_FAILS = 64,        /* in an event: a try that finds it taken, a look */
};

/* The name of an object, and how the step uses it. `key` is the same in every
 * interleaving (an address in a deterministic arena, a slot); `id` is its
 * place in the world of this run, in order of first touch. */
struct rl_ref {
    uint64_t key;
    uint32_t id;
    uint8_t class;
    uint8_t mode;
    uint8_t kind;
    uint8_t stirs; /* of an RL_PARK: counts what was changed under the lock */
};

struct rl_step {
    uint8_t op;
    uint8_t nrefs;
    uint16_t flags;
    uint32_t place; /* the executor's, e.g. an index of source places */
    int64_t arg;
    struct rl_ref refs[RL_REFS];
};

struct rl_object {
    uint64_t key;
    uint8_t class;
    uint8_t kind;
    uint8_t state;    /* each model's own; 0 is a static initialiser's */
    uint8_t owner;    /* slot, or RL_NOBODY */
    uint32_t count;   /* depth, value, number of readers, ... */
    uint32_t limit;   /* a barrier's size; units taken from a semaphore */
    uint32_t round;   /* a barrier's; units that a semaphore ever had */
    uint32_t version; /* changes so far */
    uint32_t stirred; /* of them, those that a section of a lock made */
    uint64_t queue;   /* threads in it: waiters, arrived, readers, ... */
    uint64_t woken;   /* signalled, not yet on; writers that wait */
    uint64_t partner; /* a condition's mutex, by key */
};

enum rl_life {
    RL_UNBORN,
    RL_ALIVE,
    RL_ENDED,  /* a zombie, to be joined */
    RL_JOINED, /* or detached and ended */
};

struct rl_hold {
    uint32_t id; /* the lock */
    uint16_t depth;
    uint8_t shared; /* a read lock */
    uint8_t spare;
};

struct rl_thread {
    struct rl_step pending;
    uint8_t life;
    uint8_t parent;
    uint8_t detached;
    uint8_t joiner; /* slot that joined it, or RL_NOBODY */
    uint8_t cancel_pending;
    uint8_t cancel_off;            /* PTHREAD_CANCEL_DISABLE */
    uint8_t spurious, early, weak; /* budgets left */
    uint8_t wake_result;           /* what the wait returns after its relock */
    uint8_t wake_cancelled; /* the wait was cancelled: acts after relock */
    uint8_t leader;         /* lowest slot in its barrier's round */
    uint8_t may_leave;
    uint32_t round; /* of the barrier it is in */
    uint8_t nheld;
    uint32_t children;
    uint64_t steps;
    struct rl_hold held[RL_HELD];
};

/* Limits of one search: how often a thread may ... */
struct rl_budget {
    uint8_t spurious, early, weak;
    uint8_t unordered_output; /* lines of different threads commute */
};

/* Plain data. The objects follow the struct; rl_world_bytes() is the size. */
struct rl_world {
    uint32_t capacity; /* objects */
    uint32_t nobjects; /* highest id in use + 1 */
    uint32_t nthreads;
    uint8_t over; /* RL_EXIT was applied */
    uint8_t full; /* an object or thread too many: the run is worthless */
    uint16_t spare;
    int32_t exit_code;
    int64_t now;   /* virtual ns */
    uint64_t live; /* threads alive */
    uint64_t steps;
    struct rl_budget budget;
    struct rl_thread threads[RL_THREADS];
    struct rl_object objects[];
};

enum rl_finding_kind {
    RL_FINE,
    RL_BAD_UNLOCK_OTHER, /* another thread owns it */
    RL_BAD_UNLOCK_FREE,  /* nobody does */
    RL_BAD_DESTROY_LOCKED,
    RL_BAD_DESTROY_WAITED, /* a thread waits in it */
    RL_USE_DESTROYED,
    RL_INIT_IN_USE,
    RL_WAIT_UNLOCKED, /* cond wait without owning the mutex */
    RL_TWO_MUTEXES,   /* waiters of one condition use two mutexes */
    RL_SELF_LOCK,     /* errorcheck: EDEADLK; rwlock: writer locks again */
    RL_SELF_JOIN,
    RL_BAD_JOIN,    /* joined twice, or detached */
    RL_LOCK_LEAK,   /* a thread ends and holds a lock */
    RL_LOST_SIGNAL, /* note: signal or broadcast found nobody waiting */
    RL_OWNER_DIED,  /* note: a robust mutex changed hands */
    RL_TOO_MANY,    /* threads, objects, locks held: not modelled */
};

struct rl_finding {
    uint8_t kind;
    uint8_t thread;
    uint8_t other; /* slot, or RL_NOBODY */
    uint8_t spare;
    uint32_t object; /* id, or UINT32_MAX */
};

struct rl_effect {
    bool done;      /* the call is over: return result */
    bool cancelled; /* act on the cancellation: run handlers, end */
    uint8_t child;  /* RL_CREATE */
    uint8_t nfindings;
    uint16_t flags;  /* of the step, RL_NO_CHANGE among them */
    int result;      /* 0, an errno value, or RL_SERIAL_THREAD */
    int64_t value;   /* getvalue, clock, once */
    uint64_t woke;   /* threads that this step lets go on; the child */
    bool time_moved; /* by the clock: every other thread was blocked */
    uint32_t round;  /* a barrier's; which unit of a semaphore */
    struct rl_finding findings[RL_FINDINGS];
};

/* pthread_barrier_wait's PTHREAD_BARRIER_SERIAL_THREAD. */
#define RL_SERIAL_THREAD (-1)

size_t rl_world_bytes(uint32_t capacity);

/* An empty world with main alive in slot 0. `memory` is rl_world_bytes(). */
struct rl_world *rl_world_init(void *memory, uint32_t capacity,
                               struct rl_budget budget);

/* Copies what is in use; `to` has at least `from`'s objects as capacity. */
void rl_world_copy(struct rl_world *to, const struct rl_world *from);

/* A step without refs. */
struct rl_step rl_step(enum rl_op op);

/* Adds the object named `key` to the step, with the mode that the op gives
 * its next ref; finds or makes its id. `kind` counts at first touch and for
 * INIT. Linear in the objects of the world: an executor that has the id by a
 * table of its own uses rl_ref_id. */
void rl_ref(struct rl_world *w, struct rl_step *s, enum rl_class class,
            uint64_t key, unsigned kind);
void rl_ref_id(struct rl_world *w, struct rl_step *s, enum rl_class class,
               uint64_t key, unsigned kind, uint32_t id);

/* The thread stands at the step. Adds refs that follow from the op (process,
 * clock, spawn, the thread itself at a cancellation point). */
void rl_post(struct rl_world *w, unsigned thread, const struct rl_step *s);

/* The thread stands at a step that rl_post made in another run. What the step
 * turned out to change there is not known here. */
void rl_resume(struct rl_world *w, unsigned thread, const struct rl_step *s);

/* In which ways may this thread's pending step run now? 0: it is blocked. */
uint64_t rl_choices(const struct rl_world *w, unsigned thread);

/* Threads with a choice. */
uint64_t rl_enabled(const struct rl_world *w);

/* Carries the step out. `choice` must be in rl_choices(). */
void rl_apply(struct rl_world *w, unsigned thread, unsigned choice,
              struct rl_effect *effect);

/* For whom does this blocked thread wait? The owner of a lock, a thread to
 * be joined, the readers. Empty where anybody could wake it. */
uint64_t rl_waits_for(const struct rl_world *w, unsigned thread);

/* If threads wait in a circle: its threads in order, thread[i] waits for
 * thread[i+1]; returns the length, 0 without a circle. */
unsigned rl_cycle(const struct rl_world *w, uint8_t circle[RL_THREADS]);

/* Sum of the versions of the step's objects: the arg of an RL_PARK. */
int64_t rl_versions(const struct rl_world *w, const struct rl_step *s);

/* PTHREAD_CANCEL_ENABLE and _DISABLE concern the calling thread only: no
 * step. Returns the old state. */
bool rl_cancel_off(struct rl_world *w, unsigned thread, bool off);

/* Names for traces: "mutex lock", "lock", ... never NULL. */
const char *rl_op_name(enum rl_op op);
const char *rl_class_name(enum rl_class class);
const char *rl_choice_name(enum rl_op op, unsigned choice);
const char *rl_finding_name(enum rl_finding_kind kind);

#endif

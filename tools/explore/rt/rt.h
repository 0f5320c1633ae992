// Inside of the controlled runtime: what its files share. The program's
// threads are real, but only the one that has the token runs; it comes to
// a point before each operation that others can notice, and there a
// strategy may give the token to another thread. What operations mean is
// in ../model; what happens before what is in hb.h.
//
// Everything here is used only by the thread that has the token, which is
// what guards it: there is no other lock in the runtime.
#ifndef RT_H
#define RT_H

#include "proto.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define RT_CALLER                                                              \
    rt_caller((uintptr_t)__builtin_return_address(0),                          \
              (uintptr_t)__builtin_frame_address(0))

// For what is large: it lies behind all small variables, which so share a few
// pages. A page that a run writes costs it as much as two or three steps.
#define RT_FAR __attribute__((common))

enum { RT_MAX_KEYS = 128, RT_MAX_DEPTH = 64 };

struct rt_frame { // one call of an instrumented function
    uintptr_t pc, sp;
};

struct rt_section { // a lock that is held: see section.c
    uint32_t lock;
    uint32_t effects; // of the thread when it took it
};

// A loop that may be waiting: see loop.c.
struct rt_loop {
    bool on, many;
    uint32_t visits, limit;
    uint64_t state; // of the visit to its head
    unsigned nrefs; // what was read since, and its version then
    struct rl_ref refs[RL_REFS];
    uint32_t version[RL_REFS];
};

struct rt_thread {
    unsigned id;
    int hb;              // its slot in the race clock
    _Atomic uint32_t go; // futex: the token has been handed to this thread
    unsigned choice;     // with this decision
    pthread_t handle;
    void *(*start)(void *);
    int (*c11)(void *); // or this, from thrd_create
    void *arg;
    void *value; // what it returned
    char *stack;
    size_t stack_size;

    bool lazy;         // it waits in a loop: others first
    uint32_t same;     // how often it came back to the same step
    uint64_t same_key; // which step that is
    uint32_t idle;     // steps without effect in a row
    uint32_t futile;   // failures of one try in a row
    uint64_t futile_key;
    uint32_t unsettled; // event of a write whose value is not yet known
    bool has_unsettled;
    uint32_t rounding; // accesses since round_head was kept, or 0
    uint64_t round_head;
    uint32_t spins;     // rounds found in a row, with nobody else moving
    uint32_t quiet;     // plain accesses since its last point
    bool was_shared;    // the read-write lock it unlocks was a read lock
    bool looked;        // it read what others may change since its last lock
    uint32_t effects;   // what it did that others can see, so far
    uint32_t at_a_lock; // and when it last came to a lock
    unsigned nsections;
    struct rt_section section[RL_HELD];

    uintptr_t sp, base; // the frames of the program lie between them
    struct rt_loop loop;

    struct rt_frame frame[RT_MAX_DEPTH];
    int depth;
    uintptr_t work_sp; // where the work function was entered, or 0
    void *cleanup;     // innermost pthread_cleanup_push
    jmp_buf leave;     // back to the thread's first function
    bool leaving;      // it runs its cleanup handlers
    int cancel_type;
    void *key[RT_MAX_KEYS];
};

extern struct rx_shm *rt_shm;
extern struct rl_world *rt_world;
extern struct rt_thread rt_threads[RL_THREADS];
extern __thread struct rt_thread *rt_self;
extern bool rt_on; // a run is under way: hooks count

// Notes where the frames of the program end; gives back its return address.
static inline uintptr_t rt_caller(uintptr_t pc, uintptr_t frame)
{
    if (rt_self)
        rt_self->sp = frame + 16;
    return pc;
}

// sched.c ------------------------------------------------------------------

// Posts the step, gives way as the strategy says, carries it out, and
// again for the steps it turns into, until the call is over. Does not
// return when the thread is cancelled there.
void rt_do(struct rl_step *s, uintptr_t pc, struct rl_effect *e);

// Its two halves, for calls that have something to do in between: post the
// step and wait for the turn; carry it out.
void rt_begin(struct rl_step *s, uintptr_t pc);
struct rx_event *rt_carry_out(uintptr_t pc, struct rl_effect *e);

// The same for a step on one object, or none (class RL_NO_CLASS); returns
// the result.
int rt_step(enum rl_op op, enum rl_class class, const void *obj, unsigned kind,
            int64_t arg, unsigned flags, uintptr_t pc);
void rt_ref(struct rl_step *s, enum rl_class class, uint64_t key, unsigned kind,
            uintptr_t pc);
void rt_value(uint64_t value); // of the step just taken, for the trace
void rt_wait_turn(struct rt_thread *t);
_Noreturn void rt_last_step(uintptr_t pc);
void rt_sched_begin(void);
unsigned rt_last_mover(void); // who took the last step
bool rt_time_awaited(void);   // by another thread
void rt_early_steps(void);    // what constructors initialised
void rt_first_step(void);     // of a new thread, whose turn has come

// lazy.c -------------------------------------------------------------------
void rt_lazy_watch(struct rt_thread *t, const struct rx_event *ev,
                   const struct rl_effect *e);
bool rt_loops(const struct rt_thread *t); // for some time, without effect

// loop.c -------------------------------------------------------------------
bool rt_takes_lock(unsigned op);
bool rt_gives_lock(unsigned op);
void rt_loop_locked(struct rt_thread *t, const struct rl_step *s);
bool rt_loop_visit(struct rt_thread *t, const struct rl_step *s, uintptr_t pc,
                   struct rl_step *park);
void rt_loop_read(struct rt_thread *t, const struct rl_step *s);
void rt_loop_broken(struct rt_thread *t);

// section.c
void rt_section_keep(struct rt_thread *t);
bool rt_section_quiet(const struct rt_thread *t, uint32_t lock);
void rt_section_waited(struct rt_thread *t, uint32_t lock, uintptr_t pc);
void rt_section_tried(struct rt_thread *t, const struct rl_step *s,
                      uintptr_t pc);

enum rt_round { RT_LOOKING, RT_GETS_ON, RT_SPINS };
enum rt_round rt_plain_round(struct rt_thread *t, bool changes, uintptr_t pc);

// exit.c: every way in which a run ends -------------------------------------
_Noreturn void rt_stop(enum rx_end end);
_Noreturn void rt_exit_with(int code); // all threads have ended
_Noreturn void rt_return_from_main(int code);
void rt_signal_stack(void);
_Noreturn void rt_unsupported(const char *what, uintptr_t pc);
_Noreturn void rt_fail(enum rx_end end, const char *what, uintptr_t pc);
void rt_watch_serve(void); // what runs inherit
void rt_watch_begin(void);

// For a debugger (debug.c): waits for it; stops where something is found; stops
// at the event that the job names.
void rt_debug_begin(void);
void rt_debug_found(uintptr_t pc);
void rt_debug_step(uintptr_t pc);

// work.c
void rt_work_begin(void);

// boot.c
void rt_too_early(void);          // a call before main that is not modelled
extern bool rt_foreign_libraries; // others than those of the C library
void rt_run_begins(void);

// findings.c
struct rx_finding *rt_finding(enum rx_kind kind, unsigned detail,
                              uint32_t object);
struct rx_party *rt_party(struct rx_finding *f, unsigned thread,
                          enum rx_act act, uint32_t object, uintptr_t pc);
void rt_model_findings(const struct rl_effect *e, uintptr_t pc);

// trace.c
struct rx_event *rt_event(unsigned thread, unsigned choice, uintptr_t pc);
struct rx_event *rt_note(unsigned thread, uintptr_t pc);
void rt_event_done(struct rx_event *ev, const struct rl_effect *e);

// race.c: the bridge to hb.h -------------------------------------------------
void rt_race_begin(void);
void rt_race_step(struct rt_thread *t, const struct rx_event *ev,
                  const struct rl_effect *e);
void rt_race_access(uintptr_t addr, size_t size, bool write, uintptr_t pc);
bool rt_race_shared(uintptr_t addr, size_t size);
bool rt_race_seen(uintptr_t addr, size_t size); // by others, in this run
void rt_race_fresh(const void *addr, size_t size);
void rt_race_free(const void *addr, size_t size, uintptr_t pc);
void rt_race_load(uintptr_t addr, size_t size, int order, uintptr_t pc);
void rt_race_store(uintptr_t addr, size_t size, int order, uintptr_t pc);
void rt_race_rmw(uintptr_t addr, size_t size, int order, uintptr_t pc);
void rt_race_fence(int order);

// memory.c
void rt_memory_serve(void); // what runs inherit
void *rt_stack(unsigned thread, size_t size);
bool rt_block_of(uintptr_t addr, uint64_t *alloc_pc, uint64_t *offset);
int rt_stack_of(uintptr_t addr);
bool rt_in_heap(uintptr_t addr);
void rt_check(uintptr_t addr, size_t size, bool write, uintptr_t pc);

// hooks.c
void rt_settle(struct rt_thread *t);
void rt_access(uintptr_t addr, size_t size, bool write, uintptr_t pc);

// thread.c
int rt_create(pthread_t *handle, const pthread_attr_t *attr,
              void *(*start)(void *), int (*c11)(void *), void *arg,
              uintptr_t pc);
int rt_join(pthread_t handle, void **value, uintptr_t pc);
int rt_detach(pthread_t handle, uintptr_t pc);
_Noreturn void rt_exit_thread(void *value, uintptr_t pc);
int rt_key_create(pthread_key_t *key, void (*destroy)(void *), uintptr_t pc);
int rt_key_delete(pthread_key_t key);
int rt_key_set(pthread_key_t key, const void *value);
void *rt_key_get(pthread_key_t key);
_Noreturn void rt_leave_thread(struct rt_thread *t, void *value);
_Noreturn void rt_main_left(void); // main called pthread_exit

// mutex.c, cond.c
unsigned rt_mutex_kind(const pthread_mutex_t *m, uintptr_t pc);
int rt_mutex(enum rl_op op, pthread_mutex_t *m, int64_t arg, uintptr_t pc);
int rt_cond(enum rl_op op, pthread_cond_t *c, uintptr_t pc);
int rt_cond_wait(pthread_cond_t *c, pthread_mutex_t *m, bool timed,
                 int64_t deadline, uintptr_t pc);

// ignored.c
bool rt_ignored(uintptr_t pc); // surely: nobody looks at what the call returns

// once.c
int rt_once(const void *control, void (*routine)(void), uintptr_t pc);

// time.c: what a time of the program is on the virtual clock
int64_t rt_deadline(clockid_t clock, const struct timespec *until,
                    uintptr_t pc);
int rt_sleep(const struct timespec *span, uintptr_t pc);

#endif

/*
 * Inside of librecord.a: what the wrapped calls (wrap_*.c) share. Linked into
 * the student's program, plain or with ThreadSanitizer: all symbols hidden,
 * no allocation, no libc call on the way of a lock, no lock of its own.
 * Without a record (RL_RECORD_FD) rl_self is NULL and every wrap passes on.
 *
 * The pattern of a wrap:
 *     struct record_thread *t = rl_enter(PC);   TSan sees the caller's frame
 *     ... note, call __real_X, note ...         notes do nothing if t is NULL
 *     rl_leave();
 */
#ifndef RL_RECORDER_H
#define RL_RECORDER_H

#include "record.h"

#include <pthread.h>
#include <stdbool.h>

/* The calling program's code address, in a wrap. */
#define PC ((uintptr_t)__builtin_return_address(0))

extern struct record *rl_record; /* NULL: not recording */

/* The caller's slot; NULL without a record or without room. */
struct record_thread *rl_self(void);
/* The same, and puts pc on TSan's shadow stack, so that its reports show the
 * caller's line and not only ours. Pair with rl_leave. */
struct record_thread *rl_enter(uintptr_t pc);
void rl_leave(void);

/* Times are wanted (RL_RECORD_TIMES is set). Off, they cost a look at this. */
extern bool rl_timed;
/* ns of CLOCK_MONOTONIC; 0 unless times are wanted. */
uint64_t rl_now(void);
/* Around a call that may block, for the record of times only; nested ones
 * are part of the outer. */
void rl_span_begin(struct record_thread *t, enum record_op op,
                   const void *object);
void rl_span_end(struct record_thread *t, enum record_op op);

uint32_t rl_slot(const struct record_thread *t);
uint64_t rl_tick(void);

/* The object at address, made if need be; NULL: no room, or not recording. */
struct record_object *rl_object(const void *address, enum record_kind kind);
/* It was initialised or destroyed: forget what is known. */
void rl_forget(const void *address, enum record_kind kind);

void rl_wait_begin(struct record_thread *t, enum record_op op,
                   const void *object, uintptr_t pc, bool deadline);
void rl_wait_end(struct record_thread *t);

/* How a lock was taken. */
enum rl_taking { RL_BLOCKING, RL_TRYING };

void rl_taken(struct record_thread *t, const void *lock, enum record_kind kind,
              bool shared, enum rl_taking how, uintptr_t pc);
/* Call before the real unlock. Returns where it had been taken, or 0. */
uint64_t rl_released(struct record_thread *t, const void *lock);

/* Shared by the pthread and the C11 names of an operation. */
int rl_create(pthread_t *thread, const pthread_attr_t *attr, void *start,
              void *argument, bool c11, uintptr_t pc);
int rl_join(pthread_t thread, void **result, uintptr_t pc);
int rl_detach(pthread_t thread, uintptr_t pc);
_Noreturn void rl_exit_thread(void *result, uintptr_t pc);
int rl_mutex_lock(pthread_mutex_t *m, uintptr_t pc);
int rl_mutex_trylock(pthread_mutex_t *m, uintptr_t pc);
int rl_mutex_timedlock(pthread_mutex_t *m, const struct timespec *until,
                       uintptr_t pc);
int rl_mutex_unlock(pthread_mutex_t *m, uintptr_t pc);
int rl_cond_wait(pthread_cond_t *c, pthread_mutex_t *m, uintptr_t pc);
int rl_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                      const struct timespec *until, uintptr_t pc);
int rl_cond_wake(pthread_cond_t *c, bool all, uintptr_t pc);
int rl_once(pthread_once_t *once, void (*routine)(void), uintptr_t pc);

/* Slots: used by wrap_thread.c and wrap_process.c. */
struct record_thread *rl_new_thread(void);
void rl_thread_begins(struct record_thread *t);
void rl_thread_ends(void);
void rl_program_ends(enum record_end how, int code, uintptr_t pc);

#endif

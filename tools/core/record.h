/*
 * The record: what the recorder in a program (librecord.a) tells rl-run about
 * its threads and locks, in memory that both map (a memfd whose number is in
 * RL_RECORD_FD). This file is the layout, shared by both sides; recorder.h is
 * the writing side, diagnose.c the reading side.
 *
 * Every thread writes its own slot and reads no other's, so nothing here
 * needs a lock. rl-run reads while all threads stand still or are dead; only
 * the fields marked _Atomic may be read at any time. The memory starts as
 * zeros, so zero means "nothing yet" everywhere.
 *
 * Addresses are run-time addresses; subtract base for symbols.h.
 */
#ifndef RL_RECORD_H
#define RL_RECORD_H

#include <stdatomic.h>
#include <stdint.h>

#define RECORD_MAGIC 0x31434552u
#define RECORD_THREADS 4096
#define RECORD_OBJECTS 16384 /* a power of two */
#define RECORD_EDGES 4096    /* a power of two */
#define RECORD_HELD 32
#define RECORD_GATES 12
#define RECORD_SPANS 65536
#define RECORD_SPAN_LEAST 2000 /* ns; shorter ones are not kept */

enum record_op {
    RECORD_NONE,
    RECORD_LOCK, /* a mutex */
    RECORD_RDLOCK,
    RECORD_WRLOCK,
    RECORD_SPIN,
    RECORD_WAIT, /* a condition */
    RECORD_SEM,
    RECORD_BARRIER,
    RECORD_JOIN,
    RECORD_ONCE,
    /* Only in spans: */
    RECORD_IO,
    RECORD_SLEEP,
};

enum record_kind {
    RECORD_UNKNOWN,
    RECORD_MUTEX,
    RECORD_RWLOCK,
    RECORD_SPINLOCK,
    RECORD_CONDITION,
    RECORD_SEMAPHORE,
    RECORD_BARRIERS,
    RECORD_ONCES,
};

enum record_state {
    RECORD_FREE,
    RECORD_CREATED, /* pthread_create was called, it has not run yet */
    RECORD_RUNNING, /* or waiting: see wait_op */
    RECORD_ENDED,
    RECORD_FAILED, /* pthread_create returned an error */
};

enum record_end {
    RECORD_END_NONE,
    RECORD_END_RETURN, /* main returned */
    RECORD_END_EXIT,   /* exit */
    RECORD_END_NOW,    /* _exit, _Exit, quick_exit: no destructor runs */
    RECORD_END_LAST,   /* the last thread ended after main's pthread_exit */
};

/* A lock that a thread holds, in order of taking. For a mutex or spin lock
 * the object's owner decides whether this is still true: another thread may
 * have unlocked it. */
struct record_held {
    uint64_t object;
    uint64_t pc;
    uint64_t via;   /* where the function of pc had been called; 0 unknown */
    uint32_t count; /* recursive locks, repeated read locks */
    uint8_t kind;
    uint8_t shared; /* a read lock */
};

struct record_thread {
    _Atomic uint32_t state;
    uint32_t id; /* 0 is main, then in order of creation */
    int32_t pid;
    _Atomic int32_t tid;
    uint64_t handle; /* pthread_t */
    uint64_t start;  /* start function; 0: main, or not created by a wrap */
    uint64_t argument;
    uint64_t create_pc;
    uint64_t create_clock;
    uint64_t join_clock;
    uint64_t end_pc;  /* the pthread_exit call, 0 if it returned */
    uint32_t creator; /* slots */
    uint32_t joiner;
    uint32_t epoch; /* counts its own creates and joins */
    uint8_t c11;    /* start returns int */
    uint8_t is_main;
    _Atomic uint8_t detached;
    _Atomic uint8_t joined;
    _Atomic uint8_t alive_at_end; /* had not ended when the program did */

    /* The blocking call it is in; wait_op is written last and cleared
     * first. */
    _Atomic uint32_t wait_op;
    uint8_t wait_deadline;
    uint32_t wait_target; /* join: slot + 1 of the thread, 0 unknown */
    uint64_t wait_object;
    uint64_t wait_pc;
    uint64_t wait_via;
    uint64_t wait_mutex;    /* condition: its mutex */
    uint64_t wait_mutex_pc; /* where that had been taken */
    uint64_t wait_clock;
    uint64_t wait_taken;    /* condition: clock of the mutex's taking */
    uint64_t wait_previous; /* and of its taking before that, by anybody */

    /* Only if times are wanted, in ns of CLOCK_MONOTONIC: when it was
     * created, first ran, ended, was joined, and the call that it is in now
     * (enum record_op, written last and cleared first). */
    uint64_t created_ns, begin_ns, end_ns, joined_ns;
    uint64_t now_since, now_object;
    _Atomic uint32_t now_op;

    uint64_t via; /* of the call it is in: for the notes of that call */
    uint32_t nheld;
    uint32_t held_lost; /* more than RECORD_HELD at once */
    struct record_held held[RECORD_HELD];
};

struct record_object {
    _Atomic uint64_t address; /* 0: free slot; never changes once set */
    _Atomic uint32_t owner;   /* slot + 1 of the exclusive owner */
    uint32_t kind;
    uint32_t number;      /* in order of first use, from 1 */
    uint64_t taken_clock; /* of the last two takings of a mutex */
    uint64_t previous_clock;
    /* Condition: waiting threads in the low half, in the high half those of
     * them that a signal has reached. Barrier: arrived in the low half. */
    _Atomic uint64_t waiting;
    uint32_t needed;        /* barrier: its count */
    _Atomic uint32_t woken; /* condition: waits that a signal has ended */
    /* The last signal or broadcast that found nobody waiting. */
    uint32_t lost_thread; /* slot */
    uint64_t lost_pc;
    _Atomic uint64_t lost_clock; /* 0: none */
    /* The last signal that reached one of several waiting threads. */
    uint32_t chosen_of;
    uint32_t chosen_thread;
    uint64_t chosen_pc;
};

/* Thread took lock to, waiting if need be, while it held from. Gates are the
 * other locks it held exclusively. One entry a (from, to, thread, epoch,
 * modes, gates). Trylocks and locks with a deadline make no edge. */
struct record_edge {
    _Atomic uint32_t ready; /* 1: being written, 2: whole */
    uint32_t thread;        /* slot */
    uint32_t id;            /* of the thread */
    uint32_t epoch;
    uint64_t from, to;
    uint64_t from_pc, to_pc;
    uint64_t to_via;
    uint64_t clock;
    uint8_t from_shared, to_shared;
    uint8_t from_kind, to_kind;
    uint32_t ngates;
    uint64_t gates[RECORD_GATES];
};

/* A thread was blocked in a call from begin to end. */
struct record_span {
    _Atomic uint32_t ready;
    uint32_t slot;
    uint32_t id; /* of the thread: a slot may be used again */
    uint32_t op; /* enum record_op */
    uint64_t object;
    uint64_t begin, end; /* ns of CLOCK_MONOTONIC */
};

struct record {
    uint32_t magic; /* written by rl-run; the recorder checks them */
    uint32_t size;
    _Atomic uint32_t started; /* the recorder has begun */
    _Atomic uint32_t ended;   /* enum record_end */
    int32_t end_code;
    uint64_t end_pc;
    uint64_t base; /* load base of the program */
    int32_t pid;
    _Atomic uint32_t timers; /* it uses alarm, setitimer or POSIX timers */
    _Atomic uint32_t slots;  /* thread slots used */
    _Atomic uint32_t ids;
    _Atomic uint32_t numbers; /* of objects */
    _Atomic uint32_t alive;   /* main included */
    _Atomic uint32_t peak;
    _Atomic uint64_t clock;
    /* What found no room: diagnosis is then less sure. */
    _Atomic uint32_t threads_lost, objects_lost, edges_lost;
    struct record_thread threads[RECORD_THREADS];
    struct record_object objects[RECORD_OBJECTS];
    struct record_edge edges[RECORD_EDGES];
    uint64_t end_ns;             /* if times are wanted */
    _Atomic uint32_t spans_used; /* more than RECORD_SPANS: some are lost */
    struct record_span spans[RECORD_SPANS];
};

#endif

/*
 * The recorder's notes: slots for threads, a table of objects, the locks a
 * thread holds, the order in which locks are nested. Only writes the record;
 * what it means is decided in rl-run after the program stands still.
 */
#include "recorder.h"

#include <link.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct record *rl_record;

static _Thread_local struct record_thread *self;
static _Thread_local bool self_gone; /* its end is noted, or no room for it */

/* Only where the program is built for ThreadSanitizer. */
void __tsan_func_entry(void *pc) __attribute__((weak));
void __tsan_func_exit(void) __attribute__((weak));

/* In a forked child the addresses of locks mean other locks, so its objects
 * stay out of the table; its threads are noted. */
static bool objects_off;

/* In place of memcpy, memmove and memset, which TSan would take for accesses
 * of the program; the barrier keeps the compiler from calling them. */
static void copy_bytes(void *to, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ((char *)to)[i] = from ? ((const char *)from)[i] : 0;
        __asm__ volatile("" ::: "memory");
    }
}

static int first_object(struct dl_phdr_info *info, size_t size, void *base)
{
    (void)size;
    *(uint64_t *)base = info->dlpi_addr;
    return 1;
}

uint32_t rl_slot(const struct record_thread *t)
{
    return (uint32_t)(t - rl_record->threads);
}

uint64_t rl_tick(void)
{
    return atomic_fetch_add(&rl_record->clock, 1) + 1;
}

static void start_slot(struct record_thread *t)
{
    t->pid = (int32_t)syscall(SYS_getpid);
    t->handle = (uint64_t)pthread_self();
    self = t;
    t->begin_ns = rl_now();
    atomic_store(&t->tid, (int32_t)syscall(SYS_gettid));
    atomic_store(&t->state, RECORD_RUNNING);
}

/* The forking thread is the child's only one and holds what it held. */
static void in_child(void)
{
    struct record_thread *old = self;
    struct record_thread *t;

    objects_off = true;
    self = NULL;
    if (!rl_record || !old || !(t = rl_new_thread())) {
        self_gone = true;
        return;
    }
    t->start = old->start;
    t->is_main = old->is_main;
    t->nheld = old->nheld;
    copy_bytes(t->held, old->held, sizeof t->held);
    t->creator = rl_slot(old);
    t->created_ns = rl_now();
    start_slot(t);
}

/* Reads a decimal number; the recorder uses no libc call that TSan would
 * see as the program's. */
static int parse_fd(const char *text)
{
    int fd = 0;

    if (!text || !*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || fd > 100000)
            return -1;
        fd = fd * 10 + (*text - '0');
    }
    return fd;
}

/* Before the program's own constructors, so that their locks are seen. */
__attribute__((constructor(101))) static void begin(void)
{
    int fd = parse_fd(getenv("RL_RECORD_FD"));
    struct record *r;
    struct record_thread *t;

    if (fd < 0)
        return;
    r = (struct record *)syscall(SYS_mmap, NULL, sizeof *r,
                                 PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    unsetenv("RL_RECORD_FD"); /* what the program starts is not recorded */
    if (r == MAP_FAILED || r->magic != RECORD_MAGIC || r->size != sizeof *r)
        return;
    rl_record = r;
    rl_timed = getenv("RL_RECORD_TIMES") != NULL;
    unsetenv("RL_RECORD_TIMES");
    dl_iterate_phdr(first_object, &r->base);
    r->pid = (int32_t)syscall(SYS_getpid);
    t = rl_new_thread();
    if (t) {
        t->is_main = 1;
        rl_thread_begins(t);
    }
    pthread_atfork(NULL, NULL, in_child);
    atomic_store(&r->started, 1);
}

/* Slots are used once while there are any; then those of threads that have
 * ended and left nothing to say are used again. */
struct record_thread *rl_new_thread(void)
{
    struct record *r = rl_record;
    struct record_thread *t = NULL;
    uint32_t slot = atomic_load(&r->slots);

    while (slot < RECORD_THREADS &&
           !atomic_compare_exchange_weak(&r->slots, &slot, slot + 1))
        ;
    if (slot < RECORD_THREADS) {
        t = &r->threads[slot];
    } else {
        for (slot = 1; slot < RECORD_THREADS && !t; slot++) {
            struct record_thread *old = &r->threads[slot];
            uint32_t ended = RECORD_ENDED;

            if ((old->joined || old->detached) && old->nheld == 0 &&
                atomic_compare_exchange_strong(&old->state, &ended,
                                               RECORD_CREATED))
                t = old;
        }
        if (!t) {
            atomic_fetch_add(&r->threads_lost, 1);
            return NULL;
        }
        copy_bytes((char *)t + sizeof t->state, NULL,
                   sizeof *t - sizeof t->state);
    }
    t->id = atomic_fetch_add(&r->ids, 1);
    atomic_store(&t->state, RECORD_CREATED);
    return t;
}

void rl_thread_begins(struct record_thread *t)
{
    struct record *r = rl_record;
    uint32_t alive;
    uint32_t peak;

    start_slot(t);
    if (objects_off)
        return;
    alive = atomic_fetch_add(&r->alive, 1) + 1;
    peak = atomic_load(&r->peak);
    while (alive > peak &&
           !atomic_compare_exchange_weak(&r->peak, &peak, alive))
        ;
}

/* Once a thread; it has no slot afterwards, though destructors of its
 * thread-local data may still run. */
void rl_thread_ends(void)
{
    struct record_thread *t = self;

    if (!t)
        return;
    self = NULL;
    self_gone = true;
    t->end_ns = rl_now();
    atomic_store(&t->wait_op, RECORD_NONE);
    atomic_store(&t->state, RECORD_ENDED);
    if (objects_off || atomic_fetch_sub(&rl_record->alive, 1) != 1)
        return;
    rl_program_ends(RECORD_END_LAST, 0, 0);
    /* glibc would exit now, but TSan's own thread still counts for it. */
    if (__tsan_func_exit)
        exit(0);
}

/* The first end counts; who was alive is noted now, because the others go on
 * while exit does its work. */
void rl_program_ends(enum record_end how, int code, uintptr_t pc)
{
    struct record *r = rl_record;
    uint32_t none = RECORD_END_NONE;
    uint32_t slots;

    if (!r)
        return;
    if (self)
        self->end_ns = rl_now();
    if (objects_off || !atomic_compare_exchange_strong(&r->ended, &none, how))
        return;
    r->end_ns = rl_now();
    r->end_code = code;
    r->end_pc = pc;
    slots = atomic_load(&r->slots);
    for (uint32_t i = 0; i < slots && i < RECORD_THREADS; i++) {
        uint32_t state = atomic_load(&r->threads[i].state);

        if (state == RECORD_RUNNING || state == RECORD_CREATED)
            atomic_store(&r->threads[i].alive_at_end, 1);
    }
}

struct record_thread *rl_self(void)
{
    struct record_thread *t;

    if (self || self_gone || !rl_record)
        return self;
    /* A thread that no wrap created: a library's. */
    t = rl_new_thread();
    if (t)
        rl_thread_begins(t);
    else
        self_gone = true;
    return self;
}

/* Where the function that made the call at pc had been called. Units are
 * compiled with frame pointers, and so is this; the checks keep us from
 * following what is none. */
static uintptr_t caller_of(uintptr_t pc)
{
    const uintptr_t *frame = __builtin_frame_address(0);

    for (int i = 0; i < 5; i++) {
        const uintptr_t *next = (const uintptr_t *)frame[0];

        if (next <= frame || (uintptr_t)next % sizeof *next ||
            next - frame > 1 << 16)
            return 0;
        if (frame[1] == pc)
            return next[1];
        frame = next;
    }
    return 0;
}

struct record_thread *rl_enter(uintptr_t pc)
{
    struct record_thread *t = rl_self();

    if (__tsan_func_entry)
        __tsan_func_entry((void *)pc);
    if (t)
        t->via = caller_of(pc);
    return t;
}

void rl_leave(void)
{
    if (__tsan_func_exit)
        __tsan_func_exit();
}

static uint32_t hash(uint64_t value)
{
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdULL;
    value ^= value >> 33;
    return (uint32_t)value;
}

/* Slots go from free to one address and never back, so two threads that look
 * for the same address meet in the same slot. */
struct record_object *rl_object(const void *address, enum record_kind kind)
{
    uint64_t key = (uint64_t)(uintptr_t)address;
    uint32_t at = hash(key);

    if (!rl_record || objects_off)
        return NULL;
    for (uint32_t i = 0; i < 64; i++) {
        struct record_object *o =
            &rl_record->objects[(at + i) & (RECORD_OBJECTS - 1)];
        uint64_t found = atomic_load(&o->address);

        if (found == 0 &&
            atomic_compare_exchange_strong(&o->address, &found, key)) {
            o->number = atomic_fetch_add(&rl_record->numbers, 1) + 1;
            found = key;
        }
        if (found == key) {
            o->kind = kind;
            return o;
        }
    }
    atomic_fetch_add(&rl_record->objects_lost, 1);
    return NULL;
}

void rl_forget(const void *address, enum record_kind kind)
{
    struct record_object *o = rl_object(address, kind);

    if (!o)
        return;
    atomic_store(&o->owner, 0);
    atomic_store(&o->waiting, 0);
    atomic_store(&o->woken, 0);
    atomic_store(&o->lost_clock, 0);
    o->taken_clock = 0;
    o->previous_clock = 0;
    o->chosen_of = 0;
    o->needed = 0;
}

void rl_wait_begin(struct record_thread *t, enum record_op op,
                   const void *object, uintptr_t pc, bool deadline)
{
    if (!t)
        return;
    t->wait_object = (uint64_t)(uintptr_t)object;
    t->wait_pc = pc;
    t->wait_via = t->via;
    t->wait_deadline = deadline;
    t->wait_target = 0;
    t->wait_mutex = 0;
    t->wait_clock = rl_tick();
    atomic_store(&t->wait_op, op);
    if (rl_timed)
        rl_span_begin(t, op, object);
}

void rl_wait_end(struct record_thread *t)
{
    uint32_t op;

    if (!t)
        return;
    op = atomic_load(&t->wait_op);
    atomic_store(&t->wait_op, RECORD_NONE);
    if (rl_timed)
        rl_span_end(t, op);
}

static bool same_edge(const struct record_edge *a, const struct record_edge *b)
{
    if (a->from != b->from || a->to != b->to || a->thread != b->thread ||
        a->id != b->id || a->epoch != b->epoch ||
        a->from_shared != b->from_shared || a->to_shared != b->to_shared ||
        a->ngates != b->ngates)
        return false;
    for (uint32_t i = 0; i < a->ngates; i++) {
        if (a->gates[i] != b->gates[i])
            return false;
    }
    return true;
}

static void keep_edge(const struct record_edge *edge)
{
    uint32_t at = hash(edge->from * 31 + edge->to * 7 + edge->thread +
                       edge->epoch * 1009);

    for (uint32_t i = 0; i < 64; i++) {
        struct record_edge *e =
            &rl_record->edges[(at + i) & (RECORD_EDGES - 1)];
        uint32_t ready = atomic_load(&e->ready);

        if (ready == 2 && same_edge(e, edge))
            return;
        if (ready == 0 &&
            atomic_compare_exchange_strong(&e->ready, &ready, 1)) {
            e->thread = edge->thread;
            e->id = edge->id;
            e->epoch = edge->epoch;
            e->from = edge->from;
            e->to = edge->to;
            e->from_pc = edge->from_pc;
            e->to_pc = edge->to_pc;
            e->to_via = edge->to_via;
            e->clock = edge->clock;
            e->from_shared = edge->from_shared;
            e->to_shared = edge->to_shared;
            e->from_kind = edge->from_kind;
            e->to_kind = edge->to_kind;
            e->ngates = edge->ngates;
            copy_bytes(e->gates, edge->gates, sizeof e->gates);
            atomic_store(&e->ready, 2);
            return;
        }
    }
    atomic_fetch_add(&rl_record->edges_lost, 1);
}

/* One edge from each lock held to the one just taken. */
static void keep_edges(struct record_thread *t, const struct record_held *to)
{
    uint64_t clock = rl_tick();

    for (uint32_t i = 0; i < t->nheld; i++) {
        const struct record_held *from = &t->held[i];
        struct record_edge edge = {
            .thread = rl_slot(t),
            .id = t->id,
            .epoch = t->epoch,
            .from = from->object,
            .to = to->object,
            .from_pc = from->pc,
            .to_pc = to->pc,
            .to_via = to->via,
            .clock = clock,
            .from_shared = from->shared,
            .to_shared = to->shared,
            .from_kind = from->kind,
            .to_kind = to->kind,
        };

        for (uint32_t k = 0; k < t->nheld && edge.ngates < RECORD_GATES; k++) {
            if (k != i && !t->held[k].shared)
                edge.gates[edge.ngates++] = t->held[k].object;
        }
        keep_edge(&edge);
    }
}

static struct record_held *held(struct record_thread *t, uint64_t lock)
{
    for (uint32_t i = t->nheld; i-- > 0;) {
        if (t->held[i].object == lock)
            return &t->held[i];
    }
    return NULL;
}

void rl_taken(struct record_thread *t, const void *lock, enum record_kind kind,
              bool shared, enum rl_taking how, uintptr_t pc)
{
    struct record_object *o = t ? rl_object(lock, kind) : NULL;
    struct record_held entry = {
        .object = (uint64_t)(uintptr_t)lock,
        .pc = pc,
        .via = t ? t->via : 0,
        .count = 1,
        .kind = (uint8_t)kind,
        .shared = shared,
    };
    struct record_held *again;
    bool mine = true;

    if (!t)
        return;
    if (o && !shared) {
        o->previous_clock = o->taken_clock;
        o->taken_clock = rl_tick();
        mine = atomic_exchange(&o->owner, rl_slot(t) + 1) == rl_slot(t) + 1;
    }
    again = held(t, entry.object);
    if (again && again->shared == shared) {
        /* Not mine: another thread had unlocked it behind our back. */
        again->count = mine ? again->count + 1 : 1;
        if (!mine) {
            again->pc = pc;
            again->via = t->via;
        }
        return;
    }
    if (how == RL_BLOCKING && t->nheld)
        keep_edges(t, &entry);
    if (t->nheld == RECORD_HELD)
        t->held_lost++;
    else
        t->held[t->nheld++] = entry;
}

uint64_t rl_released(struct record_thread *t, const void *lock)
{
    uint64_t key = (uint64_t)(uintptr_t)lock;
    struct record_held *entry;
    struct record_object *o;
    uint64_t pc;

    if (!t)
        return 0;
    entry = held(t, key);
    if (entry && --entry->count > 0)
        return entry->pc;
    o = rl_object(lock, entry ? entry->kind : RECORD_MUTEX);
    if (o && !(entry && entry->shared))
        atomic_store(&o->owner, 0);
    if (!entry)
        return 0;
    pc = entry->pc;
    t->nheld--;
    copy_bytes(entry, entry + 1,
               (size_t)(&t->held[t->nheld] - entry) * sizeof *entry);
    return pc;
}

// The __tsan_* hooks of plain accesses and function entry, as gcc and clang
// emit them. A hook that is missing here is a link error, on purpose.
#include "rt.h"

#include <string.h>

void __tsan_init(void);
void __tsan_init(void)
{
}

#define ACCESS(name, size, write)                                              \
    void __tsan_##name(void *addr);                                            \
    void __tsan_##name(void *addr)                                             \
    {                                                                          \
        if (rt_on)                                                             \
            rt_access((uintptr_t)addr, size, write, RT_CALLER);                \
    }

#define ACCESSES(size)                                                         \
    ACCESS(read##size, size, false)                                            \
    ACCESS(write##size, size, true)                                            \
    ACCESS(volatile_read##size, size, false)                                   \
    ACCESS(volatile_write##size, size, true)                                   \
    ACCESS(unaligned_read##size, size, false)                                  \
    ACCESS(unaligned_write##size, size, true)                                  \
    ACCESS(unaligned_volatile_read##size, size, false)                         \
    ACCESS(unaligned_volatile_write##size, size, true)                         \
    ACCESS(read##size##_pc, size, false)                                       \
    ACCESS(write##size##_pc, size, true)

#define READ_WRITES(size)                                                      \
    void __tsan_read_write##size(void *addr);                                  \
    void __tsan_read_write##size(void *addr)                                   \
    {                                                                          \
        if (rt_on) {                                                           \
            rt_access((uintptr_t)addr, size, false, RT_CALLER);                \
            rt_access((uintptr_t)addr, size, true, RT_CALLER);                 \
        }                                                                      \
    }                                                                          \
    void __tsan_unaligned_read_write##size(void *addr);                        \
    void __tsan_unaligned_read_write##size(void *addr)                         \
    {                                                                          \
        if (rt_on) {                                                           \
            rt_access((uintptr_t)addr, size, false, RT_CALLER);                \
            rt_access((uintptr_t)addr, size, true, RT_CALLER);                 \
        }                                                                      \
    }

ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
READ_WRITES(1)
READ_WRITES(2)
READ_WRITES(4)
READ_WRITES(8)
READ_WRITES(16)

#define RANGE(name, write)                                                     \
    void __tsan_##name(void *addr, unsigned long size);                        \
    void __tsan_##name(void *addr, unsigned long size)                         \
    {                                                                          \
        if (rt_on && size)                                                     \
            rt_access((uintptr_t)addr, size, write, RT_CALLER);                \
    }

RANGE(read_range, false)
RANGE(write_range, true)

void *__tsan_memcpy(void *to, const void *from, size_t n);
void *__tsan_memcpy(void *to, const void *from, size_t n)
{
    if (rt_on && n) {
        rt_access((uintptr_t)from, n, false, RT_CALLER);
        rt_access((uintptr_t)to, n, true, RT_CALLER);
    }
    return memcpy(to, from, n);
}

void *__tsan_memmove(void *to, const void *from, size_t n);
void *__tsan_memmove(void *to, const void *from, size_t n)
{
    if (rt_on && n) {
        rt_access((uintptr_t)from, n, false, RT_CALLER);
        rt_access((uintptr_t)to, n, true, RT_CALLER);
    }
    return memmove(to, from, n);
}

void *__tsan_memset(void *to, int byte, size_t n);
void *__tsan_memset(void *to, int byte, size_t n)
{
    if (rt_on && n)
        rt_access((uintptr_t)to, n, true, RT_CALLER);
    return memset(to, byte, n);
}

// C++ virtual tables and the switches of annotations: nothing to do in C.
void __tsan_vptr_update(void **slot, void *value);
void __tsan_vptr_update(void **slot, void *value)
{
    (void)slot, (void)value;
}

void __tsan_vptr_read(void **slot);
void __tsan_vptr_read(void **slot)
{
    (void)slot;
}

void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_begin(void)
{
}

void __tsan_ignore_thread_end(void);
void __tsan_ignore_thread_end(void)
{
}

// longjmp skips __tsan_func_exit, so an entry also drops the frames that
// lie below its own: the stack grows down and they are gone.
void __tsan_func_entry(void *pc);
void __tsan_func_entry(void *pc)
{
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
    struct rt_thread *t = rt_self;

    if (!rt_on || !t)
        return;
    while (t->depth > 0 && t->depth <= RT_MAX_DEPTH &&
           t->frame[t->depth - 1].sp <= sp)
        t->depth--;
    if (t->depth < RT_MAX_DEPTH)
        t->frame[t->depth] = (struct rt_frame){(uintptr_t)pc, sp};
    t->depth++;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
    if (rt_on && rt_self && rt_self->depth > 0)
        rt_self->depth--;
}

enum { LONG_QUIET = 20000, SPINS_ENOUGH = 3 };

// The value that a write leaves is known when the thread comes by again.
void rt_settle(struct rt_thread *t)
{
    struct rx_event *ev = &rt_shm->event[t->unsettled];

    if (!t->has_unsettled)
        return;
    t->has_unsettled = false;
    memcpy(&ev->value, (void *)(uintptr_t)ev->addr,
           ev->size < 8 ? ev->size : 8);
}

static void describe(struct rt_thread *t, struct rx_event *ev, uintptr_t addr,
                     size_t size, bool write)
{
    ev->addr = addr;
    ev->size = (uint32_t)size;
    rt_block_of(addr, &ev->alloc_pc, &ev->alloc_offset);
    t->unsettled = (uint32_t)(ev - rt_shm->event);
    t->has_unsettled = true;
    if (!write)
        rt_settle(t);
}

static struct rl_step plain_step(uintptr_t addr, bool write, uintptr_t pc)
{
    struct rl_step s = rl_step(write ? RL_PLAIN_WRITE : RL_PLAIN_READ);

    rt_ref(&s, RL_MEMORY, addr & ~(uintptr_t)7, 0, pc);
    return s;
}

static void plain_point(struct rt_thread *t, uintptr_t addr, size_t size,
                        bool write, uintptr_t pc)
{
    struct rl_step s = plain_step(addr, write, pc);
    struct rl_effect e;

    rt_begin(&s, pc);
    describe(t, rt_carry_out(pc, &e), addr, size, write);
}

// For the story of a run: an event without a decision.
static void note(struct rt_thread *t, uintptr_t addr, size_t size, bool write,
                 uintptr_t pc)
{
    struct rx_event *ev = rt_note(t->id, pc);

    ev->step = plain_step(addr, write, pc);
    describe(t, ev, addr, size, write);
}

// A thread that goes round in a loop over plain memory sleeps for a moment, so
// that the others move; when none of them can any more, it waits for ever.
static void spin(struct rt_thread *t, uintptr_t pc)
{
    // Longer each time: another one may sleep for a long time itself.
    struct rl_step park = rl_step(RL_PARK);
    struct rl_effect e;
    int64_t moment;

    t->spins = rt_last_mover() == t->id ? t->spins + 1 : 0;
    moment = INT64_C(1000000) << (t->spins < 12 ? t->spins : 12);
    if (t->spins < SPINS_ENOUGH || rt_time_awaited())
        rt_step(RL_SLEEP, RL_NO_CLASS, NULL, 0, moment, 0, pc);
    else
        rt_do(&park, pc, &e);
}

static void long_quiet(struct rt_thread *t, bool changes, uintptr_t pc)
{
    enum rt_round round = rt_plain_round(t, changes, pc);

    if (round == RT_LOOKING)
        return;
    t->quiet = t->rounding = 0;
    if (round == RT_SPINS) {
        spin(t, pc);
        return;
    }
    t->lazy = true;
    rt_step(RL_YIELD, RL_NO_CLASS, NULL, 0, 0, 0, pc);
}

// A plain access. It is a point when the job asks for it and two threads
// touch the place; and after very many accesses without a point, so that a
// loop that waits for a plain variable gives the others a chance.
void rt_access(uintptr_t addr, size_t size, bool write, uintptr_t pc)
{
    struct rt_thread *t = rt_self;

    if (!t)
        return;
    rt_settle(t);
    if (rt_shm->job.plain == RX_PLAIN_SHARED && rt_race_shared(addr, size)) {
        plain_point(t, addr, size, write, pc);
    } else if (rt_shm->job.story && rt_race_shared(addr, size)) {
        note(t, addr, size, write, pc);
    } else if (++t->quiet >= LONG_QUIET) {
        long_quiet(t, write && (addr < t->sp || addr >= t->base), pc);
    }
    if (!write && rt_world->threads[t->id].nheld &&
        (addr < t->sp || addr >= t->base || rt_race_seen(addr, size)))
        t->looked = true;
    if (write && (addr < t->sp || addr >= t->base))
        rt_loop_broken(t);
    if (write && (addr < t->sp || addr >= t->base || rt_race_seen(addr, size)))
        t->effects++;
    rt_check(addr, size, write, pc);
    rt_race_access(addr, size, write, pc);
}

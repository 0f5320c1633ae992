// The __tsan_atomic* hooks: each is a point, then the operation itself,
// done sequentially consistent. What a weaker order would allow on a real
// machine is not shown here; the race clock is told the order as written.
#include "rt.h"

typedef uint8_t a8;
typedef uint16_t a16;
typedef uint32_t a32;
typedef uint64_t a64;
__extension__ typedef unsigned __int128 a128;

// Comes to the point before an operation. False outside of a run.
static bool before(enum rl_op op, const volatile void *a, size_t size,
                   uintptr_t pc)
{
    struct rl_step s = rl_step(op);

    if (!rt_on)
        return false;
    rt_check((uintptr_t)a, size, op != RL_ATOMIC_LOAD, pc);
    rt_ref(&s, RL_ATOMIC, (uintptr_t)a, 0, pc);
    rt_begin(&s, pc);
    return true;
}

// The operation happens now: what was there and what will be.
static void now(uint64_t value, size_t size, bool changes, uintptr_t pc)
{
    struct rl_effect e;

    if (size == sizeof(void *) && rt_in_heap((uintptr_t)value))
        rt_shm->result.heap_atomics = 1;
    if (!changes)
        rt_world->threads[rt_self->id].pending.flags |= RL_NO_CHANGE;
    rt_carry_out(pc, &e)->size = (uint32_t)size;
    rt_value(value);
}

static int order(int mo)
{
    return mo & 0xffff; // gcc keeps hardware elision hints above
}

static bool fails_weakly(void)
{
    return rt_on && rt_self->choice == RL_WEAK_FAIL;
}

#define ATOMIC(bits)                                                           \
    a##bits __tsan_atomic##bits##_load(const volatile a##bits *a, int mo);     \
    a##bits __tsan_atomic##bits##_load(const volatile a##bits *a, int mo)      \
    {                                                                          \
        if (before(RL_ATOMIC_LOAD, a, sizeof *a, RT_CALLER)) {                 \
            now((uint64_t)*a, sizeof *a, true, RT_CALLER);                     \
            rt_race_load((uintptr_t)a, sizeof *a, order(mo), RT_CALLER);       \
        }                                                                      \
        return *a;                                                             \
    }                                                                          \
    void __tsan_atomic##bits##_store(volatile a##bits *a, a##bits v, int mo);  \
    void __tsan_atomic##bits##_store(volatile a##bits *a, a##bits v, int mo)   \
    {                                                                          \
        if (before(RL_ATOMIC_STORE, a, sizeof *a, RT_CALLER)) {                \
            now((uint64_t)v, sizeof *a, *a != v, RT_CALLER);                   \
            rt_race_store((uintptr_t)a, sizeof *a, order(mo), RT_CALLER);      \
        }                                                                      \
        *a = v;                                                                \
    }                                                                          \
    RMW(bits, exchange, v)                                                     \
    RMW(bits, fetch_add, old + v)                                              \
    RMW(bits, fetch_sub, old - v)                                              \
    RMW(bits, fetch_and, old &v)                                               \
    RMW(bits, fetch_or, old | v)                                               \
    RMW(bits, fetch_xor, old ^ v)                                              \
    RMW(bits, fetch_nand, ~(old & v))                                          \
    static bool cas##bits(volatile a##bits *a, a##bits *seen, a##bits v,       \
                          int mo, int fail, enum rl_op op, uintptr_t pc)       \
    {                                                                          \
        bool on = before(op, a, sizeof *a, pc);                                \
        a##bits old = *a;                                                      \
        bool done = old == *seen && !fails_weakly();                           \
                                                                               \
        if (on) {                                                              \
            now((uint64_t)(done ? v : old), sizeof *a, done &&old != v, pc);   \
            if (done)                                                          \
                rt_race_rmw((uintptr_t)a, sizeof *a, order(mo), pc);           \
            else                                                               \
                rt_race_load((uintptr_t)a, sizeof *a, order(fail), pc);        \
        }                                                                      \
        if (done)                                                              \
            *a = v;                                                            \
        else                                                                   \
            *seen = old;                                                       \
        return done;                                                           \
    }                                                                          \
    int __tsan_atomic##bits##_compare_exchange_strong(                         \
        volatile a##bits *a, a##bits *seen, a##bits v, int mo, int fail);      \
    int __tsan_atomic##bits##_compare_exchange_strong(                         \
        volatile a##bits *a, a##bits *seen, a##bits v, int mo, int fail)       \
    {                                                                          \
        return cas##bits(a, seen, v, mo, fail, RL_ATOMIC_CAS, RT_CALLER);      \
    }                                                                          \
    int __tsan_atomic##bits##_compare_exchange_weak(                           \
        volatile a##bits *a, a##bits *seen, a##bits v, int mo, int fail);      \
    int __tsan_atomic##bits##_compare_exchange_weak(                           \
        volatile a##bits *a, a##bits *seen, a##bits v, int mo, int fail)       \
    {                                                                          \
        return cas##bits(a, seen, v, mo, fail, RL_ATOMIC_CAS_WEAK, RT_CALLER); \
    }                                                                          \
    a##bits __tsan_atomic##bits##_compare_exchange_val(                        \
        volatile a##bits *a, a##bits seen, a##bits v, int mo, int fail);       \
    a##bits __tsan_atomic##bits##_compare_exchange_val(                        \
        volatile a##bits *a, a##bits seen, a##bits v, int mo, int fail)        \
    {                                                                          \
        cas##bits(a, &seen, v, mo, fail, RL_ATOMIC_CAS, RT_CALLER);            \
        return seen;                                                           \
    }

#define RMW(bits, name, result)                                                \
    a##bits __tsan_atomic##bits##_##name(volatile a##bits *a, a##bits v,       \
                                         int mo);                              \
    a##bits __tsan_atomic##bits##_##name(volatile a##bits *a, a##bits v,       \
                                         int mo)                               \
    {                                                                          \
        bool on = before(RL_ATOMIC_RMW, a, sizeof *a, RT_CALLER);              \
        a##bits old = *a, new = (a##bits)(result);                             \
                                                                               \
        if (on) {                                                              \
            now((uint64_t) new, sizeof *a, new != old, RT_CALLER);             \
            rt_race_rmw((uintptr_t)a, sizeof *a, order(mo), RT_CALLER);        \
        }                                                                      \
        *a = new;                                                              \
        return old;                                                            \
    }

ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)
ATOMIC(128)

void __tsan_atomic_thread_fence(int mo);
void __tsan_atomic_thread_fence(int mo)
{
    if (!rt_on)
        return;
    rt_step(RL_FENCE, RL_NO_CLASS, NULL, 0, 0, 0, RT_CALLER);
    rt_race_fence(order(mo));
}

// A signal fence orders a thread with its own handlers only.
void __tsan_atomic_signal_fence(int mo);
void __tsan_atomic_signal_fence(int mo)
{
    (void)mo;
}

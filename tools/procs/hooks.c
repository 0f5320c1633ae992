/*
 * What the compiler calls at each access (-fsanitize=thread). An atomic on
 * shared memory is a point and orders as its memory order says.
 */
#include "rt.h"

#include <string.h>

#define HOOK __attribute__((visibility("default")))
#define AT ((uintptr_t)address)

#define ACCESS(name, size, write)                                              \
    HOOK void __tsan_##name(void *address)                                     \
    {                                                                          \
        procs_access(AT, size, write, false, PROCS_PC);                        \
    }
#define SIZED(size)                                                            \
    ACCESS(read##size, size, false)                                            \
    ACCESS(write##size, size, true)                                            \
    ACCESS(unaligned_read##size, size, false)                                  \
    ACCESS(unaligned_write##size, size, true)                                  \
    ACCESS(volatile_read##size, size, false)                                   \
    ACCESS(volatile_write##size, size, true)                                   \
    ACCESS(unaligned_volatile_read##size, size, false)                         \
    ACCESS(unaligned_volatile_write##size, size, true)                         \
    HOOK void __tsan_read_write##size(void *address)                           \
    {                                                                          \
        procs_access(AT, size, false, false, PROCS_PC);                        \
        procs_access(AT, size, true, false, PROCS_PC);                         \
    }

SIZED(1)
SIZED(2)
SIZED(4)
SIZED(8)
SIZED(16)

HOOK void __tsan_read_range(void *address, size_t size)
{
    procs_access(AT, size, false, false, PROCS_PC);
}

HOOK void __tsan_write_range(void *address, size_t size)
{
    procs_access(AT, size, true, false, PROCS_PC);
}

HOOK void __tsan_init(void)
{
}
HOOK void __tsan_func_entry(void *pc)
{
    (void)pc;
}
HOOK void __tsan_func_exit(void)
{
}
HOOK void __tsan_vptr_update(void **a, void *b)
{
    (void)a, (void)b;
}
HOOK void __tsan_vptr_read(void **a)
{
    (void)a;
}

void *__real_memcpy(void *, const void *, size_t);
void *__real_memmove(void *, const void *, size_t);
void *__real_memset(void *, int, size_t);

static void *copied(void *to, const void *from, size_t size, uintptr_t pc)
{
    procs_access((uintptr_t)from, size, false, false, pc);
    procs_access((uintptr_t)to, size, true, false, pc);
    return __real_memmove(to, from, size);
}

static void *filled(void *to, int byte, size_t size, uintptr_t pc)
{
    procs_access((uintptr_t)to, size, true, false, pc);
    return __real_memset(to, byte, size);
}

void *__wrap_memcpy(void *to, const void *from, size_t size)
{
    return copied(to, from, size, PROCS_PC);
}

void *__wrap_memmove(void *to, const void *from, size_t size)
{
    return copied(to, from, size, PROCS_PC);
}

void *__wrap_memset(void *to, int byte, size_t size)
{
    return filled(to, byte, size, PROCS_PC);
}

HOOK void *__tsan_memcpy(void *to, const void *from, size_t size)
{
    return copied(to, from, size, PROCS_PC);
}

HOOK void *__tsan_memmove(void *to, const void *from, size_t size)
{
    return copied(to, from, size, PROCS_PC);
}

HOOK void *__tsan_memset(void *to, int byte, size_t size)
{
    return filled(to, byte, size, PROCS_PC);
}

/* The object of a shared word, after its point; NULL for private memory. */
static struct procs_object *word(volatile void *address, uintptr_t pc)
{
    uint64_t id, offset;
    uintptr_t born;
    struct procs_object *o;

    if (!procs_find(AT, &id, &offset, &born))
        return NULL;
    o = procs_object_at((const void *)address, PROCS_WORD);
    procs_point(procs_step("atomic", o, pc));
    return o;
}

static void loaded(struct procs_object *o, volatile void *address, size_t size,
                   int order, uintptr_t pc)
{
    if (!o)
        return;
    if (order != __ATOMIC_RELAXED && order != __ATOMIC_RELEASE)
        procs_acquire(&o->clock);
    procs_access(AT, size, false, true, pc);
    procs_went();
}

static void stored(struct procs_object *o, volatile void *address, size_t size,
                   int order, uintptr_t pc)
{
    if (!o)
        return;
    procs_access(AT, size, true, true, pc);
    if (order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL ||
        order == __ATOMIC_SEQ_CST)
        procs_release(&o->clock);
    procs_went();
}

#define RMW(bits, type, name, call)                                            \
    HOOK type __tsan_atomic##bits##_##name(volatile type *address, type value, \
                                           int order)                          \
    {                                                                          \
        struct procs_object *o = word(address, PROCS_PC);                      \
        type old;                                                              \
                                                                               \
        loaded(o, address, sizeof(type), order, PROCS_PC);                     \
        old = call(address, value, __ATOMIC_SEQ_CST);                          \
        stored(o, address, sizeof(type), order, PROCS_PC);                     \
        return old;                                                            \
    }

#define CAS(bits, type, name)                                                  \
    HOOK int __tsan_atomic##bits##_##name(volatile type *address,              \
                                          type *expected, type value,          \
                                          int order, int failed)               \
    {                                                                          \
        struct procs_object *o = word(address, PROCS_PC);                      \
        bool done;                                                             \
                                                                               \
        done =                                                                 \
            __atomic_compare_exchange_n(address, expected, value, false,       \
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);   \
        loaded(o, address, sizeof(type), done ? order : failed, PROCS_PC);     \
        if (done)                                                              \
            stored(o, address, sizeof(type), order, PROCS_PC);                 \
        return done;                                                           \
    }

#define ATOMIC(bits, type)                                                     \
    HOOK type __tsan_atomic##bits##_load(const volatile type *address,         \
                                         int order)                            \
    {                                                                          \
        struct procs_object *o = word((volatile type *)address, PROCS_PC);     \
        type value = __atomic_load_n(address, __ATOMIC_SEQ_CST);               \
                                                                               \
        loaded(o, (volatile type *)address, sizeof(type), order, PROCS_PC);    \
        return value;                                                          \
    }                                                                          \
    HOOK void __tsan_atomic##bits##_store(volatile type *address, type value,  \
                                          int order)                           \
    {                                                                          \
        struct procs_object *o = word(address, PROCS_PC);                      \
                                                                               \
        __atomic_store_n(address, value, __ATOMIC_SEQ_CST);                    \
        stored(o, address, sizeof(type), order, PROCS_PC);                     \
    }                                                                          \
    RMW(bits, type, exchange, __atomic_exchange_n)                             \
    RMW(bits, type, fetch_add, __atomic_fetch_add)                             \
    RMW(bits, type, fetch_sub, __atomic_fetch_sub)                             \
    RMW(bits, type, fetch_and, __atomic_fetch_and)                             \
    RMW(bits, type, fetch_or, __atomic_fetch_or)                               \
    RMW(bits, type, fetch_xor, __atomic_fetch_xor)                             \
    RMW(bits, type, fetch_nand, __atomic_fetch_nand)                           \
    CAS(bits, type, compare_exchange_strong)                                   \
    CAS(bits, type, compare_exchange_weak)                                     \
    HOOK type __tsan_atomic##bits##_compare_exchange_val(                      \
        volatile type *address, type expected, type value, int order,          \
        int failed)                                                            \
    {                                                                          \
        __tsan_atomic##bits##_compare_exchange_strong(address, &expected,      \
                                                      value, order, failed);   \
        return expected;                                                       \
    }

ATOMIC(8, unsigned char)
ATOMIC(16, unsigned short)
ATOMIC(32, unsigned)
ATOMIC(64, unsigned long)

HOOK void __tsan_atomic_thread_fence(int order)
{
    (void)order;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

HOOK void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}

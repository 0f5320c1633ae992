// The hooks of -fsanitize=thread, noting which bytes they speak of.
//
// Compiled without the sanitizer. Prints one line for each access that a
// snippet makes and no hook announces: "NAME read" or "NAME write".

#include "watch.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 256 };

static struct range {
    uintptr_t at;
    size_t size;
    bool write;
} seen[MOST], wanted[MOST];
static int nseen, nwanted;
static bool watching;

static void note(const void *p, size_t size, bool write)
{
    if (watching && nseen < MOST)
        seen[nseen++] = (struct range){(uintptr_t)p, size, write};
}

void must_read(const void *p, size_t size)
{
    wanted[nwanted++] = (struct range){(uintptr_t)p, size, false};
}

void must_write(const void *p, size_t size)
{
    wanted[nwanted++] = (struct range){(uintptr_t)p, size, true};
}

void watch_begin(void)
{
    nseen = nwanted = 0;
    watching = true;
}

static bool covered(uintptr_t at, bool write)
{
    for (int i = 0; i < nseen; i++)
        if (seen[i].write == write && at - seen[i].at < seen[i].size)
            return true;
    return false;
}

void watch_end(const char *name)
{
    bool missed[2] = {false, false};

    watching = false;
    for (int i = 0; i < nwanted; i++)
        for (size_t b = 0; b < wanted[i].size; b++)
            if (!covered(wanted[i].at + b, wanted[i].write))
                missed[wanted[i].write] = true;
    for (int w = 0; w < 2; w++)
        if (missed[w])
            printf("%s %s\n", name, w ? "write" : "read");
}

#define HOOK(name, size, write)                                                \
    void __tsan_##name(void *p);                                               \
    void __tsan_##name(void *p)                                                \
    {                                                                          \
        note(p, size, write);                                                  \
    }
#define HOOKS(size)                                                            \
    HOOK(read##size, size, false)                                              \
    HOOK(write##size, size, true)                                              \
    HOOK(unaligned_read##size, size, false)                                    \
    HOOK(unaligned_write##size, size, true)                                    \
    HOOK(volatile_read##size, size, false)                                     \
    HOOK(volatile_write##size, size, true)                                     \
    HOOK(unaligned_volatile_read##size, size, false)                           \
    HOOK(unaligned_volatile_write##size, size, true)
HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

#define BOTH(name, size)                                                       \
    void __tsan_##name(void *p);                                               \
    void __tsan_##name(void *p)                                                \
    {                                                                          \
        note(p, size, false);                                                  \
        note(p, size, true);                                                   \
    }
BOTH(read_write1, 1)
BOTH(read_write2, 2)
BOTH(read_write4, 4)
BOTH(read_write8, 8)
BOTH(read_write16, 16)
BOTH(unaligned_read_write2, 2)
BOTH(unaligned_read_write4, 4)
BOTH(unaligned_read_write8, 8)
BOTH(unaligned_read_write16, 16)

void __tsan_read_range(void *p, size_t n);
void __tsan_read_range(void *p, size_t n)
{
    note(p, n, false);
}

void __tsan_write_range(void *p, size_t n);
void __tsan_write_range(void *p, size_t n)
{
    note(p, n, true);
}

// Calls of memcpy and its kin, by hook or by the linker's --wrap.
#define COPY(name)                                                             \
    void *name(void *to, const void *from, size_t n);                          \
    void *name(void *to, const void *from, size_t n)                           \
    {                                                                          \
        char *t = to;                                                          \
        const char *f = from;                                                  \
                                                                               \
        note(from, n, false);                                                  \
        note(to, n, true);                                                     \
        while (n--)                                                            \
            *(volatile char *)t++ = *f++;                                      \
        return to;                                                             \
    }
COPY(__tsan_memcpy)
COPY(__tsan_memmove)
COPY(__wrap_memcpy)
COPY(__wrap_memmove)

#define FILL(name)                                                             \
    void *name(void *to, int byte, size_t n);                                  \
    void *name(void *to, int byte, size_t n)                                   \
    {                                                                          \
        note(to, n, true);                                                     \
        for (size_t i = 0; i < n; i++)                                         \
            ((volatile char *)to)[i] = (char)byte;                             \
        return to;                                                             \
    }
FILL(__tsan_memset)
FILL(__wrap_memset)

#define ATOMIC(bits, type)                                                     \
    type __tsan_atomic##bits##_load(const volatile type *p, int order);        \
    type __tsan_atomic##bits##_load(const volatile type *p, int order)         \
    {                                                                          \
        (void)order;                                                           \
        note((const void *)p, sizeof *p, false);                               \
        return *p;                                                             \
    }                                                                          \
    void __tsan_atomic##bits##_store(volatile type *p, type v, int order);     \
    void __tsan_atomic##bits##_store(volatile type *p, type v, int order)      \
    {                                                                          \
        (void)order;                                                           \
        note((void *)p, sizeof *p, true);                                      \
        *p = v;                                                                \
    }
ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)
ATOMIC(128, unsigned __int128)

#define CHANGE(bits, type, name, result)                                       \
    type __tsan_atomic##bits##_##name(volatile type *p, type v, int order);    \
    type __tsan_atomic##bits##_##name(volatile type *p, type v, int order)     \
    {                                                                          \
        type old = *p;                                                         \
                                                                               \
        (void)order;                                                           \
        note((void *)p, sizeof *p, false);                                     \
        note((void *)p, sizeof *p, true);                                      \
        *p = result;                                                           \
        return old;                                                            \
    }
#define CHANGES(bits, type)                                                    \
    CHANGE(bits, type, exchange, v)                                            \
    CHANGE(bits, type, fetch_add, (type)(old + v))                             \
    CHANGE(bits, type, fetch_sub, (type)(old - v))                             \
    CHANGE(bits, type, fetch_or, old | v)                                      \
    CHANGE(bits, type, fetch_and, old &v)                                      \
    CHANGE(bits, type, fetch_xor, old ^ v)
CHANGES(8, uint8_t)
CHANGES(16, uint16_t)
CHANGES(32, uint32_t)
CHANGES(64, uint64_t)
CHANGES(128, unsigned __int128)

#define EXCHANGE(bits, type)                                                   \
    int __tsan_atomic##bits##_compare_exchange_strong(                         \
        volatile type *p, type *want, type v, int order, int failed);          \
    int __tsan_atomic##bits##_compare_exchange_strong(                         \
        volatile type *p, type *want, type v, int order, int failed)           \
    {                                                                          \
        (void)order, (void)failed;                                             \
        note((void *)p, sizeof *p, false);                                     \
        note((void *)p, sizeof *p, true);                                      \
        if (*p != *want) {                                                     \
            *want = *p;                                                        \
            return 0;                                                          \
        }                                                                      \
        *p = v;                                                                \
        return 1;                                                              \
    }                                                                          \
    type __tsan_atomic##bits##_compare_exchange_val(                           \
        volatile type *p, type want, type v, int order, int failed);           \
    type __tsan_atomic##bits##_compare_exchange_val(                           \
        volatile type *p, type want, type v, int order, int failed)            \
    {                                                                          \
        __tsan_atomic##bits##_compare_exchange_strong(p, &want, v, order,      \
                                                      failed);                 \
        return want;                                                           \
    }
EXCHANGE(8, uint8_t)
EXCHANGE(16, uint16_t)
EXCHANGE(32, uint32_t)
EXCHANGE(64, uint64_t)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
    (void)order;
}

void __tsan_func_entry(void *pc);
void __tsan_func_entry(void *pc)
{
    (void)pc;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}

void __tsan_init(void);
void __tsan_init(void)
{
}

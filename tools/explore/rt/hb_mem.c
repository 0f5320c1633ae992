// The bump allocator: steps of address space, pages taken by first touch.

#include "hb_mem.h"

#include "hb_int.h"
#include "raw.h"

#include <stdint.h>
#include <sys/mman.h>

enum { STEP = 64 << 20 };

// What forked runs share, one after the other: how far the last one got, and
// memory that is zero behind that.
enum { WARM = 1 << 20 };

static struct warm {
    size_t used;
    _Alignas(64) char memory[];
} * warm;
static bool in_warm; // this process allocates from it

// One run that needs more than this is not going to be worth its answer.
static const size_t limit = (size_t)3 << 30;

static char *next, *end;
static struct step {
    char *at;
    size_t size;
} steps[128];
static unsigned nsteps;
static size_t mapped;
static bool exhausted;

static bool take_step(size_t size)
{
    long at;

    size = (size + STEP - 1) / STEP * STEP;
    if (mapped + size > limit || nsteps == sizeof steps / sizeof steps[0])
        return false;
    at = raw_call(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at < 0 && at > -4096)
        return false;
    // A huge page would be zeroed whole for the few pages a run touches.
    raw_call(SYS_madvise, at, (long)size, MADV_NOHUGEPAGE, 0, 0, 0);
    steps[nsteps++] = (struct step){(char *)at, size};
    mapped += size;
    next = (char *)at;
    end = next + size;
    return true;
}

void *hb_mem_alloc(size_t bytes)
{
    char *p;

    bytes = (bytes + 15) & ~(size_t)15;
    if (bytes > (size_t)(end - next)) {
        in_warm = false;
        if (exhausted || !take_step(bytes)) {
            exhausted = true;
            return NULL;
        }
    }
    p = next;
    next += bytes;
    if (in_warm)
        warm->used = (size_t)(next - warm->memory);
    return p;
}

bool hb_mem_exhausted(void)
{
    return exhausted;
}

void hb_mem_fail(void)
{
    exhausted = true;
}

void hb_mem_share(void)
{
    long at = raw_call(SYS_mmap, 0, WARM, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (at < 0 && at > -4096)
        return;
    warm = (struct warm *)at;
}

static void clear(char *at, size_t size)
{
#if defined(__x86_64__)
    size_t words = size / sizeof(long);

    __asm__ volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(0L) : "memory");
#else
    for (size_t i = 0; i < size; i += sizeof(long)) {
        *(long *)(at + i) = 0;
        HB_NO_IDIOM();
    }
#endif
}

void hb_mem_reset(void)
{
    while (nsteps) {
        nsteps--;
        raw_call(SYS_munmap, (long)steps[nsteps].at, (long)steps[nsteps].size,
                 0, 0, 0, 0);
    }
    next = end = NULL;
    if (warm) {
        clear(warm->memory, warm->used);
        next = warm->memory;
        end = (char *)warm + WARM;
        in_warm = true;
    }
    mapped = 0;
    exhausted = false;
}

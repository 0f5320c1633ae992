// The heap of a run. Every thread takes from an arena of its own, in order,
// so that addresses are the same whatever the others do. What is freed is
// never given out again in the same run: a use after free is then always
// seen. malloc and its kin are defined here for the whole process, libc
// included.
//
// That hides what happens where an address comes back (ABA). So a job may ask
// for the opposite: the block of that size that was freed last is the next to
// be given out, to whichever thread. Who gets it depends on the order of all
// the calls, which are steps then, on one object.
#include "rt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum { GRAIN = 16, STACK_ROOM = 16 << 20 };

static const size_t arena_size = (size_t)128 << 20;
static const size_t most_ever = (size_t)1 << 40; // what no machine has
static const uintptr_t wanted_base = (uintptr_t)0x1000 << 32;
static const uintptr_t wanted_stacks = (uintptr_t)0x1800 << 32;

enum state { NOTHING, LIVE, FREED, HEADER };

struct block { // stands before the bytes it is about
    size_t size;
    uint64_t alloc_pc, free_pc;
    uint8_t alloc_thread, free_thread;
    uint8_t reserved[6];
};

static char *arenas, *stacks;
static uint8_t *state; // one byte a grain of the arenas
static size_t used[RL_THREADS];

static void *reserve(uintptr_t at, size_t size)
{
    void *p = MAP_FAILED;

    if (at)
        p = mmap((void *)at, size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
                     MAP_FIXED_NOREPLACE,
                 -1, 0);
    if (p == MAP_FAILED)
        p = mmap(NULL, size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        _exit(RX_NO_ROOM);
    return p;
}

static void ready(void)
{
    if (arenas)
        return;
    state = reserve(0, arena_size / GRAIN * RL_THREADS);
    arenas = reserve(wanted_base, arena_size * RL_THREADS);
}

static bool inside(uintptr_t addr)
{
    return addr - (uintptr_t)arenas < arena_size * RL_THREADS && arenas;
}

static uint8_t *state_of(uintptr_t addr)
{
    return &state[(addr - (uintptr_t)arenas) / GRAIN];
}

static struct block *block_of(uintptr_t addr)
{
    uint8_t *s, *first = state_of((uintptr_t)arenas);

    if (!inside(addr))
        return NULL;
    for (s = state_of(addr); *s != HEADER; s--)
        if (s == first || *s == NOTHING)
            return NULL;
    // The header takes two grains, of which both are marked.
    return (struct block *)(arenas + (size_t)(s - 1 - first) * GRAIN);
}

static size_t round_up(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

// Or by libc for itself?
static bool by_program(uintptr_t pc)
{
    return pc >= rt_shm->load_base && pc < rt_shm->image_end;
}

enum { MOST_FREED = 32, REUSED_GRAINS = 64 };

static struct { // what was freed of this size, the last on top
    struct block *block[MOST_FREED];
    unsigned n;
} freed[REUSED_GRAINS + 1];

static bool reuses(uintptr_t pc)
{
    static char heap;

    if (!rt_on || !rt_shm->job.reuse || !by_program(pc))
        return false;
    rt_step(RL_LIBC_WRITE, RL_HIDDEN, &heap, 0, 0, 0, pc);
    return true;
}

static size_t grains(size_t size)
{
    return size ? (size + GRAIN - 1) / GRAIN : 1;
}

static void *take_freed(size_t size, unsigned thread, uintptr_t pc)
{
    struct block *b;

    struct rx_result *r = &rt_shm->result;

    if (grains(size) > REUSED_GRAINS || !freed[grains(size)].n)
        return NULL;
    // Another block, or the next time a fresh one: other runs, not made.
    if (freed[grains(size)].n > 1 || r->reused++)
        r->reuse_open = 1;
    b = freed[grains(size)].block[--freed[grains(size)].n];
    *b = (struct block){.size = size, .alloc_pc = pc};
    b->alloc_thread = (uint8_t)thread;
    memset(state_of((uintptr_t)(b + 1)), LIVE, grains(size));
    r->mallocs++;
    rt_race_fresh(b + 1, grains(size) * GRAIN);
    return b + 1;
}

static void keep_freed(struct block *b)
{
    size_t n = grains(b->size);

    if (n <= REUSED_GRAINS && freed[n].n < MOST_FREED)
        freed[n].block[freed[n].n++] = b;
}

static void *take(size_t size, size_t align, uintptr_t pc)
{
    unsigned thread = rt_self ? rt_self->id : 0;
    char *arena, *p;
    struct block *b;
    size_t at;

    ready();
    if (reuses(pc) && align <= GRAIN && (p = take_freed(size, thread, pc)))
        return p;
    if (align < GRAIN)
        align = GRAIN;
    if (size > most_ever) {
        errno = ENOMEM;
        return NULL;
    }
    if (size > arena_size / 2)
        rt_unsupported("more than 64 MiB in one call of malloc", pc);
    arena = arenas + thread * arena_size;
    at = round_up(used[thread] + sizeof *b, align);
    if (at + size + GRAIN > arena_size)
        rt_unsupported("more than 128 MiB from malloc in one thread", pc);
    p = arena + at;
    b = (struct block *)p - 1;
    *b = (struct block){.size = size, .alloc_pc = pc};
    b->alloc_thread = (uint8_t)thread;
    memset(state_of((uintptr_t)b), HEADER, sizeof *b / GRAIN);
    // At least a grain, so that two blocks never have the same address.
    size = round_up(size ? size : 1, GRAIN);
    memset(state_of((uintptr_t)p), LIVE, size / GRAIN);
    used[thread] = at + size;
    if (rt_on) {
        rt_shm->result.mallocs += by_program(pc);
        rt_race_fresh(p, size);
    }
    return p;
}

_Static_assert(sizeof(struct block) == 2 * GRAIN, "header is two grains");

static void report(enum rx_kind kind, const struct block *b, uintptr_t addr,
                   size_t size, enum rx_act act, uintptr_t pc)
{
    struct rx_finding *f = rt_finding(kind, 0, RX_NO_OBJECT);

    if (!f)
        return;
    f->addr = addr;
    f->size = size;
    f->alloc_pc = b->alloc_pc;
    f->alloc_offset = addr - (uintptr_t)(b + 1);
    rt_party(f, rt_self->id, act, RX_NO_OBJECT, pc);
    rt_party(f, b->free_thread, RX_FREES, RX_NO_OBJECT, b->free_pc);
    rt_party(f, b->alloc_thread, RX_ALLOCATES, RX_NO_OBJECT, b->alloc_pc);
    rt_debug_found(pc);
}

static void give_back(void *p, uintptr_t pc)
{
    struct block *b;

    bool again;

    if (!p || !inside((uintptr_t)p))
        return;
    again = reuses(pc);
    b = (struct block *)p - 1;
    if (*state_of((uintptr_t)p) == FREED) {
        if (rt_on)
            report(RX_USE_AFTER_FREE, b, (uintptr_t)p, b->size, RX_FREES, pc);
        return;
    }
    if (*state_of((uintptr_t)b) != HEADER || *state_of((uintptr_t)p) != LIVE) {
        if (rt_on)
            rt_fail(RX_END_CRASH, "free of what malloc did not return", pc);
        return;
    }
    if (rt_on) {
        rt_shm->result.frees += by_program(pc);
        rt_race_free(p, b->size, pc);
    }
    b->free_pc = pc;
    b->free_thread = (uint8_t)(rt_self ? rt_self->id : 0);
    memset(state_of((uintptr_t)p), FREED, grains(b->size));
    if (again)
        keep_freed(b);
}

bool rt_in_heap(uintptr_t addr)
{
    return inside(addr);
}

void rt_check(uintptr_t addr, size_t size, bool write, uintptr_t pc)
{
    if (!inside(addr) || *state_of(addr) != FREED)
        return;
    report(RX_USE_AFTER_FREE, block_of(addr), addr, size,
           write ? RX_WRITES : RX_READS, pc);
}

bool rt_block_of(uintptr_t addr, uint64_t *alloc_pc, uint64_t *offset)
{
    struct block *b = block_of(addr);

    if (!b)
        return false;
    *alloc_pc = b->alloc_pc;
    *offset = addr - (uintptr_t)(b + 1);
    return true;
}

void rt_memory_serve(void)
{
    size_t room = (size_t)STACK_ROOM * RL_THREADS;

    ready();
    // Where it is wanted nobody else maps anything: a free place is enough.
    stacks = reserve(wanted_stacks, room);
    if ((uintptr_t)stacks == wanted_stacks)
        munmap(stacks, room);
    else
        mprotect(stacks, room, PROT_NONE);
}

void *rt_stack(unsigned thread, size_t size)
{
    char *p = stacks + (size_t)STACK_ROOM * (thread + 1) - size;

    // The room below stays unmapped: an overflow is a crash, not a surprise.
    if (mmap(p, size, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK |
                 MAP_FIXED,
             -1, 0) == MAP_FAILED)
        return NULL;
    return p;
}

int rt_stack_of(uintptr_t addr)
{
    char here;
    uintptr_t top = (uintptr_t)&here;

    if (stacks && addr - (uintptr_t)stacks < (size_t)STACK_ROOM * RL_THREADS)
        return (int)((addr - (uintptr_t)stacks) / STACK_ROOM);
    if (rt_self && rt_self->id == 0 && addr >= top && addr - top < 8 << 20)
        return 0;
    return -1;
}

EXPORT void *malloc(size_t size)
{
    return take(size, GRAIN, RT_CALLER);
}

EXPORT void free(void *p)
{
    give_back(p, RT_CALLER);
}

EXPORT void *calloc(size_t n, size_t size)
{
    size_t total;
    void *p;

    if (__builtin_mul_overflow(n, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    p = take(total, GRAIN, RT_CALLER);
    if (p && rt_on && rt_shm->job.reuse)
        memset(p, 0, total);
    return p; // fresh memory is zero
}

EXPORT void *realloc(void *old, size_t size)
{
    void *p = take(size, GRAIN, RT_CALLER);
    size_t had;

    if (!old || !p)
        return p;
    had = ((struct block *)old - 1)->size;
    if (rt_on) {
        rt_access((uintptr_t)old, had, false, RT_CALLER);
        rt_access((uintptr_t)p, had < size ? had : size, true, RT_CALLER);
    }
    memcpy(p, old, had < size ? had : size);
    give_back(old, RT_CALLER);
    return p;
}

EXPORT void *memalign(size_t align, size_t size)
{
    return take(size, align, RT_CALLER);
}

EXPORT void *aligned_alloc(size_t align, size_t size)
{
    return take(size, align, RT_CALLER);
}

EXPORT int posix_memalign(void **p, size_t align, size_t size)
{
    if (align < sizeof(void *) || (align & (align - 1)))
        return EINVAL;
    *p = take(size, align, RT_CALLER);
    return *p ? 0 : ENOMEM;
}

EXPORT size_t malloc_usable_size(void *p)
{
    return p ? ((struct block *)p - 1)->size : 0;
}

/*
 * Memory that processes share: where it is, and the race check on it. A race
 * is two accesses by two processes, one a write, not both atomic, that no
 * clock puts in an order.
 */
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

void *__real_mmap(void *, size_t, int, int, int, off_t);
int __real_munmap(void *, size_t);
void *__real_shmat(int, const void *, int);

static void add_segment(uintptr_t start, size_t length, uint64_t id,
                        uint64_t offset, uintptr_t pc)
{
    if (procs->nsegments == SEGMENTS)
        procs_refuse("more than 32 shared mappings");
    procs->segments[procs->nsegments++] =
        (struct procs_segment){start, length, id, offset, 1u << procs_me, pc};
    if (!procs->low || start < procs->low)
        procs->low = start;
    if (start + length > procs->high)
        procs->high = start + length;
}

static uint64_t file_id(int fd)
{
    struct stat st;

    return fstat(fd, &st) ? 0 : 0x8000 | (st.st_ino & 0x7fff);
}

static void *map(void *where, size_t length, int protection, int flags, int fd,
                 off_t offset, uintptr_t pc)
{
    void *at = __real_mmap(where, length, protection, flags, fd, offset);

    if (procs && at != MAP_FAILED && (flags & MAP_TYPE) != MAP_PRIVATE) {
        bool file = !(flags & MAP_ANONYMOUS);

        add_segment((uintptr_t)at, length,
                    file ? file_id(fd) : ++procs->next_id,
                    file ? (uint64_t)offset : 0, pc);
    }
    return at;
}

void *__wrap_mmap(void *where, size_t length, int protection, int flags, int fd,
                  off_t offset)
{
    return map(where, length, protection, flags, fd, offset, PROCS_PC);
}

void *__wrap_mmap64(void *where, size_t length, int protection, int flags,
                    int fd, off_t offset)
{
    return map(where, length, protection, flags, fd, offset, PROCS_PC);
}

int __wrap_munmap(void *at, size_t length)
{
    uintptr_t start = (uintptr_t)at;

    for (int i = 0; procs && i < procs->nsegments; i++) {
        struct procs_segment *s = &procs->segments[i];

        if (s->start < start + length && start < s->start + s->length)
            s->mapped &= ~(1u << procs_me);
    }
    return __real_munmap(at, length);
}

void *__wrap_shmat(int id, const void *where, int flags)
{
    void *at = __real_shmat(id, where, flags);
    struct shmid_ds about;

    if (procs && at != (void *)-1 && shmctl(id, IPC_STAT, &about) == 0)
        add_segment((uintptr_t)at, about.shm_segsz, 0x4000 | (id & 0x3fff), 0,
                    PROCS_PC);
    return at;
}

bool procs_find(uintptr_t address, uint64_t *id, uint64_t *offset,
                uintptr_t *born)
{
    if (!procs || address < procs->low || address >= procs->high)
        return false;
    for (int i = 0; i < procs->nsegments; i++) {
        const struct procs_segment *s = &procs->segments[i];

        if (address - s->start < s->length && (s->mapped >> procs_me & 1)) {
            *id = s->id;
            *offset = s->offset + (address - s->start);
            *born = s->born;
            return true;
        }
    }
    return false;
}

static struct procs_cell *cell(uint64_t key)
{
    uint32_t *bucket = &procs->buckets[key * 0x9e3779b97f4a7c15u >> 49];
    struct procs_cell *c;

    for (uint32_t at = *bucket; at; at = c->next) {
        c = &procs->cells[at - 1];
        if (c->key == key)
            return c;
    }
    if (procs->ncells == CELLS)
        procs_refuse("more than 64 KiB of shared memory in use");
    c = &procs->cells[procs->ncells++];
    memset(c, 0, sizeof *c);
    c->key = key;
    c->next = *bucket;
    *bucket = procs->ncells;
    return c;
}

static bool own_lock(void)
{
    const struct procs_process *p = procs_self();

    for (int i = 0; i < p->nheld; i++) {
        if (!procs->objects[p->held[i]].shared)
            return true;
    }
    return false;
}

static void collide(const struct procs_access *old, int other, bool old_write,
                    const struct procs_access *now, bool write, uint64_t offset,
                    uintptr_t born)
{
    static const char *const ops[] = {"read", "write"};

    procs_note((struct procs_note){
        .kind = "race",
        .a = procs_me,
        .b = other,
        .a_op = ops[write],
        .b_op = ops[old_write],
        .a_pc = procs_base + now->pc,
        .b_pc = procs_base + old->pc,
        .born = born,
        .offset = offset,
        .own_lock = now->own_lock && old->own_lock,
    });
}

static bool unordered(const struct procs_access *old, int other,
                      const struct procs_access *now)
{
    return old->clock > procs_self()->clock.at[other] &&
           (old->mask & now->mask) && !(old->atomic && now->atomic);
}

static void touch(struct procs_cell *c, struct procs_access now, bool write,
                  uint64_t offset, uintptr_t born)
{
    struct procs_access *mine =
        write ? &c->writes[procs_me] : &c->reads[procs_me];

    for (int i = 0; i < procs->count; i++) {
        if (i == procs_me)
            continue;
        if (unordered(&c->writes[i], i, &now))
            collide(&c->writes[i], i, true, &now, write, offset, born);
        else if (write && unordered(&c->reads[i], i, &now))
            collide(&c->reads[i], i, false, &now, write, offset, born);
    }
    if (mine->clock == now.clock && mine->atomic == now.atomic)
        now.mask |= mine->mask;
    *mine = now;
}

void procs_access(uintptr_t address, size_t size, bool write, bool atomic,
                  uintptr_t pc)
{
    uint64_t id, offset;
    uintptr_t born;
    struct procs_access now;
    bool lock;

    if (!procs_find(address, &id, &offset, &born))
        return;
    /* Who waits in a loop must not keep the others from going on. */
    if (!atomic && ++procs_self()->streak > STREAK * 20) {
        procs_self()->now = procs_step(write ? "write" : "read", NULL, pc);
        procs_self()->points++;
        if ((procs->points += STREAK) > POINTS)
            procs_refuse("without end: 60,000 steps");
        procs_yield();
    }
    lock = own_lock();
    for (uint64_t at = offset & ~3ull; at < offset + size; at += 4) {
        uint64_t from = at < offset ? offset - at : 0;
        uint64_t to = at + 4 > offset + size ? offset + size - at : 4;

        now = (struct procs_access){
            .clock = procs_self()->clock.at[procs_me],
            .pc = (uint32_t)(pc - procs_base),
            .mask = (uint8_t)((1 << to) - (1 << from)),
            .atomic = atomic,
            .own_lock = lock,
        };
        touch(cell(id << 40 | at), now, write, offset, born);
    }
}

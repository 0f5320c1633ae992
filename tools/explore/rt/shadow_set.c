// Records and sets in chunks, found by index.

#include "shadow_set.h"

#include "hb_mem.h"

struct record *record_chunks[CHUNKS];
uint32_t *set_chunks[CHUNKS];
uint32_t set_run;

static uint32_t nrecords;            // next index; 0 is no record
static uint32_t nwords;              // next index of a set
static uint32_t record_end, set_end; // indices that have memory
static uint32_t *found;              // records made last, by hash

enum { FOUND = 512 };

bool set_start(void)
{
    set_run++;
    nrecords = 1;
    nwords = record_end = set_end = 0;
    found = hb_mem_alloc(FOUND * sizeof *found);
    return found != NULL;
}

// Memory for the chunk that item `end` begins; the next end, or 0.
static uint32_t add_chunk(void **chunks, uint32_t end, uint32_t first,
                          size_t size)
{
    uint32_t at = end;
    unsigned k = chunk_of(&at, first);
    void *p = k < CHUNKS && end < STATE_SET / 2
                  ? hb_mem_alloc(((size_t)first << k) * size)
                  : NULL;

    if (!p) {
        hb_mem_fail();
        return 0;
    }
    chunks[k] = p;
    return end + (first << k);
}

static bool same(const struct record *a, const struct record *b)
{
    return a->epoch == b->epoch && a->pc == b->pc && a->base == b->base &&
           a->size == b->size && a->ctx == b->ctx && a->op == b->op;
}

uint32_t record_make(const struct hb_thread *th, enum hb_op op, uintptr_t addr,
                     size_t size, const void *pc)
{
    struct record r = {.epoch = epoch_of(th),
                       .pc = pc,
                       .base = size <= 8 ? addr & 7 : addr,
                       .size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size,
                       .name = th->name,
                       .ctx = th->ctx,
                       .op = (uint8_t)op};
    size_t h = ((uintptr_t)pc ^ (uintptr_t)pc >> 9) + r.base * 5 + op * 67u +
               th->slot * 131;
    uint32_t *hit = &found[h % FOUND], at = nrecords;
    unsigned k;

    if (*hit && same(record_at(*hit), &r))
        return *hit;
    if (nrecords >= record_end) {
        uint32_t end = add_chunk((void **)record_chunks, record_end,
                                 FIRST_RECORDS, sizeof r);

        if (!end)
            return 0;
        record_end = end;
    }
    k = chunk_of(&at, FIRST_RECORDS);
    record_chunks[k][at] = r;
    *hit = nrecords;
    return nrecords++;
}

uint32_t set_make(const uint32_t *records, unsigned n)
{
    uint32_t at;
    unsigned k;

    if (n == 1)
        return records[0];
    if (nwords + n + 1 > set_end) {
        uint32_t end = set_end;

        // A set lies in one chunk, and the first are smaller than a large one.
        do {
            nwords = end;
            end = add_chunk((void **)set_chunks, end, FIRST_WORDS,
                            sizeof *records);
        } while (end && end - nwords < n + 1);
        if (!end)
            return 0;
        set_end = end;
    }
    at = nwords;
    k = chunk_of(&at, FIRST_WORDS);
    set_chunks[k][at] = n;
    for (unsigned i = 0; i < n; i++) {
        set_chunks[k][at + 1 + i] = records[i];
        HB_NO_IDIOM();
    }
    at = nwords;
    nwords += n + 1;
    return STATE_SET | at;
}

// Records and sets in chunks, found by index.

#include "shadow_set.h"

#include "hb_mem.h"

struct record *record_chunks[CHUNKS];
uint32_t *set_chunks[CHUNKS];
uint32_t set_run;

static uint32_t nrecords;   // 0 is no record
static uint32_t nwords;     // used in the last chunk of sets
static uint32_t nsets;      // chunks of sets
static uint32_t found[512]; // records made last, by hash

void set_start(void)
{
    set_run++;
    nrecords = 1;
    nwords = SET_WORDS;
    nsets = 0;
    record_chunks[0] = NULL;
    for (unsigned i = 0; i < sizeof found / sizeof found[0]; i++) {
        found[i] = 0;
        HB_NO_IDIOM();
    }
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
    uint32_t *hit = &found[h % (sizeof found / sizeof found[0])];
    uint32_t chunk = nrecords / RECORDS;

    if (*hit && same(record_at(*hit), &r))
        return *hit;
    if (nrecords % RECORDS == 0 || !record_chunks[0]) {
        void *p = chunk < CHUNKS ? hb_mem_alloc(RECORDS * sizeof r) : NULL;

        if (!p) {
            hb_mem_fail();
            return 0;
        }
        record_chunks[chunk] = p;
    }
    record_chunks[chunk][nrecords % RECORDS] = r;
    *hit = nrecords;
    return nrecords++;
}

uint32_t set_make(const uint32_t *records, unsigned n)
{
    uint32_t at;

    if (n == 1)
        return records[0];
    if (nwords + n + 1 > SET_WORDS) {
        void *p =
            nsets < CHUNKS ? hb_mem_alloc(SET_WORDS * sizeof *records) : NULL;

        if (!p) {
            hb_mem_fail();
            return 0;
        }
        set_chunks[nsets++] = p;
        nwords = 0;
    }
    at = (nsets - 1) * SET_WORDS + nwords;
    set_chunks[nsets - 1][nwords++] = n;
    for (unsigned i = 0; i < n; i++) {
        set_chunks[nsets - 1][nwords++] = records[i];
        HB_NO_IDIOM();
    }
    return STATE_SET | at;
}

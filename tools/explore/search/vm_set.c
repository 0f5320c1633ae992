/*
 * Sets of 64-bit numbers: open addressing over a list in order of insertion.
 */
#include "vm.h"

#include <stdlib.h>
#include <string.h>

#define EMPTY UINT32_MAX

static size_t place(const struct vm_set *s, uint64_t number)
{
    size_t i = (size_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 20) & s->mask;

    while (s->table[i] != EMPTY && s->numbers[s->table[i]] != number)
        i = (i + 1) & s->mask;
    return i;
}

static void grow(struct vm_set *s)
{
    size_t size = s->mask ? 2 * (s->mask + 1) : 64;

    free(s->table);
    s->table = malloc(size * sizeof *s->table);
    s->numbers = realloc(s->numbers, size / 2 * sizeof *s->numbers);
    if (!s->table || !s->numbers)
        abort();
    s->room = size / 2;
    s->mask = size - 1;
    memset(s->table, 0xff, size * sizeof *s->table);
    for (size_t i = 0; i < s->n; i++)
        s->table[place(s, s->numbers[i])] = (uint32_t)i;
}

bool vm_set_add(struct vm_set *s, uint64_t number)
{
    size_t i;

    if (s->n == s->room)
        grow(s);
    i = place(s, number);
    if (s->table[i] != EMPTY)
        return false;
    s->table[i] = (uint32_t)s->n;
    s->numbers[s->n++] = number;
    return true;
}

bool vm_set_has(const struct vm_set *s, uint64_t number)
{
    return s->n && s->table[place(s, number)] != EMPTY;
}

bool vm_set_equal(const struct vm_set *a, const struct vm_set *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!vm_set_has(b, a->numbers[i]))
            return false;
    return true;
}

void vm_set_clear(struct vm_set *s)
{
    if (s->n)
        memset(s->table, 0xff, (s->mask + 1) * sizeof *s->table);
    s->n = 0;
}

void vm_set_free(struct vm_set *s)
{
    free(s->numbers);
    free(s->table);
    memset(s, 0, sizeof *s);
}

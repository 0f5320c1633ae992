// Sorting: libc moves the elements, the comparison is the program's own code.

#include "libc.h"

#include <search.h>
#include <stdlib.h>

// glibc compares copies in memory of its own, which is fresh for each call.
LIBC_WRAP(void, qsort)
(void *base, size_t n, size_t size, int (*compare)(const void *, const void *))
{
    libc_reads(base, n * size, RT_CALLER);
    if (n > 1)
        libc_writes(base, n * size, RT_CALLER);
    __real_qsort(base, n, size, compare);
}

LIBC_WRAP(void, qsort_r)
(void *base, size_t n, size_t size,
 int (*compare)(const void *, const void *, void *), void *arg)
{
    libc_reads(base, n * size, RT_CALLER);
    if (n > 1)
        libc_writes(base, n * size, RT_CALLER);
    __real_qsort_r(base, n, size, compare, arg);
}

LIBC_WRAP(void *, lfind)
(const void *key, const void *base, size_t *n, size_t size,
 int (*compare)(const void *, const void *))
{
    libc_reads(n, sizeof *n, RT_CALLER);
    return __real_lfind(key, base, n, size, compare);
}

LIBC_WRAP(void *, lsearch)
(const void *key, void *base, size_t *n, size_t size,
 int (*compare)(const void *, const void *))
{
    size_t had = *n;
    char *found;

    libc_reads(n, sizeof *n, RT_CALLER);
    found = __real_lsearch(key, base, n, size, compare);
    if (*n != had) {
        libc_has_read(key, size, RT_CALLER);
        libc_has_written(found, size, RT_CALLER);
        libc_has_written(n, sizeof *n, RT_CALLER);
    }
    return found;
}

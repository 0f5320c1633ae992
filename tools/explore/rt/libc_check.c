// Accesses of libc, handed to the race check like those of a hook.

#include "libc.h"

#include <errno.h>

void libc_reads(const void *p, size_t n, uintptr_t pc)
{
    if (rt_on && n)
        rt_access((uintptr_t)p, n, false, pc);
}

void libc_writes(void *p, size_t n, uintptr_t pc)
{
    if (rt_on && n)
        rt_access((uintptr_t)p, n, true, pc);
}

static size_t length(const char *s)
{
    size_t n = 0;

    while (((const volatile char *)s)[n])
        n++;
    return n;
}

void libc_reads_string(const char *s, uintptr_t pc)
{
    if (rt_on)
        libc_reads(s, length(s) + 1, pc);
}

void libc_has_read(const void *p, size_t n, uintptr_t pc)
{
    int err = errno;

    libc_reads(p, n, pc);
    errno = err;
}

void libc_has_written(void *p, size_t n, uintptr_t pc)
{
    int err = errno;

    libc_writes(p, n, pc);
    errno = err;
}

void libc_has_read_string(const char *s, uintptr_t pc)
{
    int err = errno;

    libc_reads_string(s, pc);
    errno = err;
}

// The key is that of the output steps on the same descriptor.
void libc_input(int fd, uintptr_t pc)
{
    if (rt_on)
        rt_step(RL_INPUT, RL_STREAM, (void *)(uintptr_t)(fd + 1), 0, 0, 0, pc);
}

void libc_files(uintptr_t pc)
{
    static char file_system;

    if (rt_on)
        rt_step(RL_OUTPUT, RL_STREAM, &file_system, 0, 0, 0, pc);
}

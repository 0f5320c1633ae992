// Files and descriptors: a step each, and the memory the kernel fills.
//
// What one descriptor does is a step on that descriptor; what goes by a path
// is a step on the file system as a whole.

#include "libc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <unistd.h>

LIBC_WRAP(ssize_t, read)(int fd, void *to, size_t n)
{
    ssize_t got;

    libc_input(fd, RT_CALLER);
    got = __real_read(fd, to, n);
    if (got > 0)
        libc_has_written(to, (size_t)got, RT_CALLER);
    return got;
}

LIBC_WRAP(ssize_t, pread)(int fd, void *to, size_t n, off_t at)
{
    ssize_t got;

    libc_input(fd, RT_CALLER);
    got = __real_pread(fd, to, n, at);
    if (got > 0)
        libc_has_written(to, (size_t)got, RT_CALLER);
    return got;
}

LIBC_WRAP(ssize_t, readv)(int fd, const struct iovec *to, int n)
{
    ssize_t got, left;

    libc_reads(to, (size_t)n * sizeof *to, RT_CALLER);
    libc_input(fd, RT_CALLER);
    left = got = __real_readv(fd, to, n);
    for (int i = 0; left > 0; i++) {
        size_t part =
            to[i].iov_len < (size_t)left ? to[i].iov_len : (size_t)left;

        libc_has_written(to[i].iov_base, part, RT_CALLER);
        left -= (ssize_t)part;
    }
    return got;
}

LIBC_WRAP(ssize_t, pwrite)(int fd, const void *from, size_t n, off_t at)
{
    libc_reads(from, n, RT_CALLER);
    libc_input(fd, RT_CALLER);
    return __real_pwrite(fd, from, n, at);
}

LIBC_WRAP(off_t, lseek)(int fd, off_t to, int from)
{
    libc_input(fd, RT_CALLER);
    return __real_lseek(fd, to, from);
}

LIBC_WRAP(int, ftruncate)(int fd, off_t size)
{
    libc_input(fd, RT_CALLER);
    return __real_ftruncate(fd, size);
}

LIBC_WRAP(int, close)(int fd)
{
    libc_files(RT_CALLER);
    return __real_close(fd);
}

LIBC_WRAP(int, dup)(int fd)
{
    libc_files(RT_CALLER);
    return __real_dup(fd);
}

LIBC_WRAP(int, dup2)(int fd, int to)
{
    libc_files(RT_CALLER);
    return __real_dup2(fd, to);
}

static mode_t mode_of(int flags, va_list args)
{
    bool has = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;

    return has ? va_arg(args, mode_t) : 0;
}

LIBC_WRAP(int, open)(const char *path, int flags, ...)
{
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = mode_of(flags, args);
    va_end(args);
    libc_reads_string(path, RT_CALLER);
    libc_files(RT_CALLER);
    return __real_open(path, flags, mode);
}

LIBC_WRAP(int, openat)(int at, const char *path, int flags, ...)
{
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = mode_of(flags, args);
    va_end(args);
    libc_reads_string(path, RT_CALLER);
    libc_files(RT_CALLER);
    return __real_openat(at, path, flags, mode);
}

LIBC_WRAP(int, creat)(const char *path, mode_t mode)
{
    libc_reads_string(path, RT_CALLER);
    libc_files(RT_CALLER);
    return __real_creat(path, mode);
}

LIBC_WRAP(FILE *, fopen)(const char *path, const char *mode)
{
    libc_reads_string(path, RT_CALLER);
    libc_reads_string(mode, RT_CALLER);
    libc_files(RT_CALLER);
    return __real_fopen(path, mode);
}

LIBC_WRAP(FILE *, freopen)(const char *path, const char *mode, FILE *f)
{
    if (path)
        libc_reads_string(path, RT_CALLER);
    libc_reads_string(mode, RT_CALLER);
    libc_files(RT_CALLER);
    return __real_freopen(path, mode, f);
}

LIBC_WRAP(FILE *, fdopen)(int fd, const char *mode)
{
    libc_reads_string(mode, RT_CALLER);
    libc_files(RT_CALLER);
    return __real_fdopen(fd, mode);
}

LIBC_WRAP(FILE *, tmpfile)(void)
{
    libc_files(RT_CALLER);
    return __real_tmpfile();
}

LIBC_WRAP(int, mkstemp)(char *path)
{
    libc_reads_string(path, RT_CALLER);
    libc_writes(path, strlen(path) + 1, RT_CALLER);
    libc_files(RT_CALLER);
    return __real_mkstemp(path);
}

// Calls that take a path, and change or look at the file system.
#define ON_PATH(type, name, parameters, arguments)                             \
    LIBC_WRAP(type, name) parameters                                           \
    {                                                                          \
        libc_reads_string(path, RT_CALLER);                                    \
        libc_files(RT_CALLER);                                                 \
        return __real_##name arguments;                                        \
    }

ON_PATH(int, access, (const char *path, int mode), (path, mode))
ON_PATH(int, unlink, (const char *path), (path))
ON_PATH(int, remove, (const char *path), (path))
ON_PATH(int, mkdir, (const char *path, mode_t mode), (path, mode))
ON_PATH(int, rmdir, (const char *path), (path))
ON_PATH(int, chdir, (const char *path), (path))
ON_PATH(int, chmod, (const char *path, mode_t mode), (path, mode))
ON_PATH(int, truncate, (const char *path, off_t size), (path, size))

LIBC_WRAP(int, rename)(const char *path, const char *to)
{
    libc_reads_string(path, RT_CALLER);
    libc_reads_string(to, RT_CALLER);
    libc_files(RT_CALLER);
    return __real_rename(path, to);
}

LIBC_WRAP(int, stat)(const char *path, struct stat *to)
{
    libc_reads_string(path, RT_CALLER);
    libc_writes(to, sizeof *to, RT_CALLER);
    libc_files(RT_CALLER);
    return __real_stat(path, to);
}

LIBC_WRAP(int, lstat)(const char *path, struct stat *to)
{
    libc_reads_string(path, RT_CALLER);
    libc_writes(to, sizeof *to, RT_CALLER);
    libc_files(RT_CALLER);
    return __real_lstat(path, to);
}

LIBC_WRAP(int, fstat)(int fd, struct stat *to)
{
    libc_writes(to, sizeof *to, RT_CALLER);
    libc_input(fd, RT_CALLER);
    return __real_fstat(fd, to);
}

LIBC_WRAP(char *, getcwd)(char *to, size_t n)
{
    char *s;

    libc_files(RT_CALLER);
    s = __real_getcwd(to, n);
    if (s)
        libc_has_written(s, strlen(s) + 1, RT_CALLER);
    return s;
}

LIBC_WRAP(ssize_t, readlink)(const char *path, char *to, size_t n)
{
    ssize_t got;

    libc_reads_string(path, RT_CALLER);
    libc_files(RT_CALLER);
    got = __real_readlink(path, to, n);
    if (got > 0)
        libc_has_written(to, (size_t)got, RT_CALLER);
    return got;
}

LIBC_WRAP(int, uname)(struct utsname *to)
{
    libc_writes(to, sizeof *to, RT_CALLER);
    return __real_uname(to);
}

LIBC_WRAP(int, gethostname)(char *to, size_t n)
{
    libc_writes(to, n, RT_CALLER);
    return __real_gethostname(to, n);
}

LIBC_WRAP(int, getrlimit)(__rlimit_resource_t what, struct rlimit *to)
{
    libc_writes(to, sizeof *to, RT_CALLER);
    return __real_getrlimit(what, to);
}

// A mapping has a new owner; taking it away ends the life of what was there.
LIBC_WRAP(void *, mmap)
(void *at, size_t n, int prot, int flags, int fd, off_t from)
{
    void *p = __real_mmap(at, n, prot, flags, fd, from);
    int err = errno;

    if (rt_on && p != MAP_FAILED)
        rt_race_fresh(p, n);
    errno = err;
    return p;
}

LIBC_WRAP(int, munmap)(void *p, size_t n)
{
    rt_race_free(p, rt_on ? n : 0, RT_CALLER);
    return __real_munmap(p, n);
}

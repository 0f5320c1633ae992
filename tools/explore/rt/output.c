// Output: one call is one step, on the stream it writes to. glibc's stdio
// does the work; nobody else runs meanwhile, so its locks are always free.
#include "libc.h"
#include "rt.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

int __real_vfprintf(FILE *f, const char *format, va_list ap);
int __real_fputs(const char *s, FILE *f);
int __real_puts(const char *s);
int __real_putc(int c, FILE *f);
size_t __real_fwrite(const void *p, size_t size, size_t n, FILE *f);
int __real_fflush(FILE *f);
int __real_fclose(FILE *f);
void __real_perror(const char *s);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __real_writev(int fd, const struct iovec *v, int n);

static void output_fd(int fd, uintptr_t pc)
{
    if (!rt_on)
        return;
    rt_step(RL_OUTPUT, RL_STREAM, (void *)(uintptr_t)(fd + 1), 0, 0, 0, pc);
    if (fd != 2)
        rt_shm->result.thread[rt_self->id].outputs++;
}

static void output(FILE *f, uintptr_t pc)
{
    output_fd(f ? fileno(f) : -1, pc);
}

int __wrap_printf(const char *format, ...);
int __wrap_printf(const char *format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    libc_format(format, ap, RT_CALLER);
    output(stdout, RT_CALLER);
    n = __real_vfprintf(stdout, format, ap);
    va_end(ap);
    return n;
}

int __wrap_fprintf(FILE *f, const char *format, ...);
int __wrap_fprintf(FILE *f, const char *format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    libc_format(format, ap, RT_CALLER);
    output(f, RT_CALLER);
    n = __real_vfprintf(f, format, ap);
    va_end(ap);
    return n;
}

int __wrap_dprintf(int fd, const char *format, ...);
int __wrap_dprintf(int fd, const char *format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    libc_format(format, ap, RT_CALLER);
    output_fd(fd, RT_CALLER);
    n = vdprintf(fd, format, ap);
    va_end(ap);
    return n;
}

int __wrap_vprintf(const char *format, va_list ap);
int __wrap_vprintf(const char *format, va_list ap)
{
    libc_format(format, ap, RT_CALLER);
    output(stdout, RT_CALLER);
    return __real_vfprintf(stdout, format, ap);
}

int __wrap_vfprintf(FILE *f, const char *format, va_list ap);
int __wrap_vfprintf(FILE *f, const char *format, va_list ap)
{
    libc_format(format, ap, RT_CALLER);
    output(f, RT_CALLER);
    return __real_vfprintf(f, format, ap);
}

int __wrap_puts(const char *s);
int __wrap_puts(const char *s)
{
    libc_reads_string(s, RT_CALLER);
    output(stdout, RT_CALLER);
    return __real_puts(s);
}

int __wrap_fputs(const char *s, FILE *f);
int __wrap_fputs(const char *s, FILE *f)
{
    libc_reads_string(s, RT_CALLER);
    output(f, RT_CALLER);
    return __real_fputs(s, f);
}

#define PUT(name)                                                              \
    int __wrap_##name(int c, FILE *f);                                         \
    int __wrap_##name(int c, FILE *f)                                          \
    {                                                                          \
        output(f, RT_CALLER);                                                  \
        return __real_putc(c, f);                                              \
    }

PUT(putc)
PUT(fputc)
PUT(putc_unlocked)
PUT(fputc_unlocked)

int __wrap_putchar(int c);
int __wrap_putchar(int c)
{
    output(stdout, RT_CALLER);
    return __real_putc(c, stdout);
}

int __wrap_putchar_unlocked(int c);
int __wrap_putchar_unlocked(int c)
{
    output(stdout, RT_CALLER);
    return __real_putc(c, stdout);
}

size_t __wrap_fwrite(const void *p, size_t size, size_t n, FILE *f);
size_t __wrap_fwrite(const void *p, size_t size, size_t n, FILE *f)
{
    libc_reads(p, size * n, RT_CALLER);
    output(f, RT_CALLER);
    return __real_fwrite(p, size, n, f);
}

int __wrap_fflush(FILE *f);
int __wrap_fflush(FILE *f)
{
    output(f, RT_CALLER);
    return __real_fflush(f);
}

int __wrap_fclose(FILE *f);
int __wrap_fclose(FILE *f)
{
    output(f, RT_CALLER);
    return __real_fclose(f);
}

void __wrap_perror(const char *s);
void __wrap_perror(const char *s)
{
    if (s)
        libc_reads_string(s, RT_CALLER);
    output(stderr, RT_CALLER);
    __real_perror(s);
}

ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n)
{
    libc_reads(p, n, RT_CALLER);
    output_fd(fd, RT_CALLER);
    return __real_write(fd, p, n);
}

ssize_t __wrap_writev(int fd, const struct iovec *v, int n);
ssize_t __wrap_writev(int fd, const struct iovec *v, int n)
{
    libc_reads(v, (size_t)n * sizeof *v, RT_CALLER);
    for (int i = 0; i < n; i++)
        libc_reads(v[i].iov_base, v[i].iov_len, RT_CALLER);
    output_fd(fd, RT_CALLER);
    return __real_writev(fd, v, n);
}

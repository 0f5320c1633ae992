// Output: one call is one step, on the stream it writes to. glibc's stdio
// does the work; nobody else runs meanwhile, so its locks are always free.
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

    output(stdout, RT_CALLER);
    va_start(ap, format);
    n = __real_vfprintf(stdout, format, ap);
    va_end(ap);
    return n;
}

int __wrap_fprintf(FILE *f, const char *format, ...);
int __wrap_fprintf(FILE *f, const char *format, ...)
{
    va_list ap;
    int n;

    output(f, RT_CALLER);
    va_start(ap, format);
    n = __real_vfprintf(f, format, ap);
    va_end(ap);
    return n;
}

int __wrap_dprintf(int fd, const char *format, ...);
int __wrap_dprintf(int fd, const char *format, ...)
{
    va_list ap;
    int n;

    output_fd(fd, RT_CALLER);
    va_start(ap, format);
    n = vdprintf(fd, format, ap);
    va_end(ap);
    return n;
}

int __wrap_vprintf(const char *format, va_list ap);
int __wrap_vprintf(const char *format, va_list ap)
{
    output(stdout, RT_CALLER);
    return __real_vfprintf(stdout, format, ap);
}

int __wrap_vfprintf(FILE *f, const char *format, va_list ap);
int __wrap_vfprintf(FILE *f, const char *format, va_list ap)
{
    output(f, RT_CALLER);
    return __real_vfprintf(f, format, ap);
}

int __wrap_puts(const char *s);
int __wrap_puts(const char *s)
{
    output(stdout, RT_CALLER);
    return __real_puts(s);
}

int __wrap_fputs(const char *s, FILE *f);
int __wrap_fputs(const char *s, FILE *f)
{
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
    output(stderr, RT_CALLER);
    __real_perror(s);
}

ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n)
{
    output_fd(fd, RT_CALLER);
    return __real_write(fd, p, n);
}

ssize_t __wrap_writev(int fd, const struct iovec *v, int n);
ssize_t __wrap_writev(int fd, const struct iovec *v, int n)
{
    output_fd(fd, RT_CALLER);
    return __real_writev(fd, v, n);
}

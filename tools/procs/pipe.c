/*
 * Pipes and files. Whether a read or write can go on is asked of the kernel,
 * which knows who has which end open; a pipe holds a page here, for POSIX
 * promises no more.
 */
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t __real_read(int, void *, size_t);
ssize_t __real_write(int, const void *, size_t);
int __real_close(int);
int __real_pipe2(int[2], int);
int __real_poll(struct pollfd *, nfds_t, int);
int __real_select(int, fd_set *, fd_set *, fd_set *, struct timeval *);
FILE *__real_fdopen(int, const char *);
int __real_flock(int, int);
int __real_lockf(int, int, off_t);

static struct procs_object *pipe_of(int fd)
{
    struct stat st;

    if (!procs || fstat(fd, &st) || !S_ISFIFO(st.st_mode))
        return NULL;
    return procs_object((uint64_t)st.st_ino, PROCS_PIPE);
}

static int opened(int fds[2], int flags, uintptr_t pc)
{
    int err = __real_pipe2(fds, flags);
    struct procs_object *o;
    uint64_t key;

    if (err || !procs)
        return err;
    fcntl(fds[1], F_SETPIPE_SZ, PIPE_HOLDS);
    o = pipe_of(fds[0]);
    key = o->key;
    memset(o, 0, sizeof *o);
    o->key = key;
    o->kind = PROCS_PIPE;
    o->owner = o->first = -1;
    o->shared = true;
    o->born = pc;
    return 0;
}

int __wrap_pipe(int fds[2])
{
    return opened(fds, 0, PROCS_PC);
}

int __wrap_pipe2(int fds[2], int flags)
{
    return opened(fds, flags, PROCS_PC);
}

/* The clocks of the writes whose bytes were read; of those that closed, at
 * the end. */
static void received(struct procs_object *o, ssize_t bytes)
{
    while (bytes > 0 && o->nmessages) {
        struct procs_message *m = &o->messages[o->oldest];

        procs_acquire(&m->clock);
        if (m->bytes > (uint64_t)bytes) {
            m->bytes -= (uint64_t)bytes;
            break;
        }
        bytes -= (ssize_t)m->bytes;
        o->oldest = (o->oldest + 1) % MESSAGES;
        o->nmessages--;
    }
}

static void sent(struct procs_object *o, ssize_t bytes)
{
    struct procs_message *m;

    if (o->nmessages == MESSAGES) {
        m = &o->messages[(o->oldest + MESSAGES - 1) % MESSAGES];
    } else {
        m = &o->messages[(o->oldest + o->nmessages++) % MESSAGES];
        memset(m, 0, sizeof *m);
    }
    m->bytes += (uint64_t)bytes;
    procs_release(&m->clock);
}

/* Without waiting, whatever the descriptor says; *wait: it would have to. */
static ssize_t at_once(int fd, void *bytes, size_t size, bool write, bool *wait)
{
    int flags = fcntl(fd, F_GETFL), kept;
    bool blocks = !(flags & O_NONBLOCK);
    ssize_t n;

    if (blocks)
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    n = write ? __real_write(fd, bytes, size) : __real_read(fd, bytes, size);
    kept = errno;
    if (blocks)
        fcntl(fd, F_SETFL, flags);
    *wait = n < 0 && blocks && kept == EAGAIN;
    errno = kept;
    return n;
}

static ssize_t got(int fd, void *bytes, size_t size, uintptr_t pc)
{
    struct procs_object *o = pipe_of(fd);
    bool wait;
    ssize_t n;

    if (!o)
        return __real_read(fd, bytes, size);
    procs_point(procs_step("read", o, pc));
    while ((n = at_once(fd, bytes, size, false, &wait)) < 0 && wait)
        procs_block();
    if (n > 0) {
        received(o, n);
        procs_access((uintptr_t)bytes, (size_t)n, true, false, pc);
    } else if (n == 0 && size) {
        procs_acquire(&o->clock);
    }
    procs_went();
    return n;
}

/* All of it, as a blocking descriptor does; after each part others can read. */
static ssize_t put(int fd, const void *bytes, size_t size, uintptr_t pc)
{
    struct procs_object *o = pipe_of(fd);
    size_t done = 0;
    bool wait;
    ssize_t n;

    if (!o)
        return __real_write(fd, bytes, size);
    procs_point(procs_step("write", o, pc));
    procs_access((uintptr_t)bytes, size, false, false, pc);
    do {
        n = at_once(fd, (char *)bytes + done, size - done, true, &wait);
        if (n > 0) {
            done += (size_t)n;
            sent(o, n);
            procs->version++;
        } else if (wait) {
            procs_block();
        } else {
            break;
        }
    } while (done < size);
    procs_went();
    return done ? (ssize_t)done : n;
}

ssize_t __wrap_read(int fd, void *bytes, size_t size)
{
    return got(fd, bytes, size, PROCS_PC);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
    return put(fd, bytes, size, PROCS_PC);
}

int __wrap_close(int fd)
{
    struct procs_object *o = pipe_of(fd);
    int err;

    if (!o)
        return __real_close(fd);
    procs_point(procs_step("close", o, PROCS_PC));
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
        procs_release(&o->clock);
    err = __real_close(fd);
    procs_went();
    return err;
}

/* A process's end closes all. */
void procs_leave(void)
{
    struct procs_process *p = procs_self();

    for (int i = 0; i < procs->nobjects; i++) {
        struct procs_object *o = &procs->objects[i];

        for (int j = 0; o->kind == PROCS_PIPE && j < procs->count; j++) {
            if (p->clock.at[j] > o->clock.at[j])
                o->clock.at[j] = p->clock.at[j];
        }
    }
}

/* stdio on a pipe calls us. */
struct stream {
    int fd;
    uintptr_t pc;
};

static ssize_t stream_read(void *cookie, char *bytes, size_t size)
{
    struct stream *s = cookie;

    return got(s->fd, bytes, size, s->pc);
}

static ssize_t stream_write(void *cookie, const char *bytes, size_t size)
{
    struct stream *s = cookie;

    return put(s->fd, bytes, size, s->pc);
}

static int stream_close(void *cookie)
{
    struct stream *s = cookie;
    int err = __wrap_close(s->fd);

    free(s);
    return err;
}

FILE *__wrap_fdopen(int fd, const char *mode)
{
    static const cookie_io_functions_t calls = {
        .read = stream_read, .write = stream_write, .close = stream_close};
    struct stream *s;

    if (!pipe_of(fd))
        return __real_fdopen(fd, mode);
    s = malloc(sizeof *s);
    if (!s)
        return NULL;
    *s = (struct stream){fd, PROCS_PC};
    return fopencookie(s, mode, calls);
}

int __wrap_dprintf(int fd, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    int n;

    va_start(args, format);
    n = vasprintf(&text, format, args);
    va_end(args);
    if (n >= 0)
        n = (int)put(fd, text, (size_t)n, PROCS_PC);
    free(text);
    return n;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    int n;

    procs_point(procs_step("poll", NULL, PROCS_PC));
    while ((n = __real_poll(fds, count, 0)) == 0 && timeout &&
           !procs_self()->expired) {
        procs_self()->timed = timeout > 0;
        procs_block();
    }
    procs_went();
    return n;
}

int __wrap_select(int count, fd_set *in, fd_set *out, fd_set *other,
                  struct timeval *timeout)
{
    fd_set sets[3], *given[] = {in, out, other}, *asked[3];
    int n;

    procs_point(procs_step("select", NULL, PROCS_PC));
    for (;;) {
        struct timeval none = {0, 0};

        for (int i = 0; i < 3; i++) {
            if (given[i])
                sets[i] = *given[i];
            asked[i] = given[i] ? &sets[i] : NULL;
        }
        n = __real_select(count, asked[0], asked[1], asked[2], &none);
        if (n || procs_self()->expired ||
            (timeout && !timeout->tv_sec && !timeout->tv_usec))
            break;
        procs_self()->timed = timeout != NULL;
        procs_block();
    }
    for (int i = 0; n >= 0 && i < 3; i++) {
        if (given[i])
            *given[i] = sets[i];
    }
    procs_went();
    return n;
}

static struct procs_object *file_of(int fd)
{
    struct stat st;

    if (fstat(fd, &st))
        return procs_object(1, PROCS_FILE);
    return procs_object((uint64_t)st.st_ino, PROCS_FILE);
}

int __wrap_flock(int fd, int operation)
{
    struct procs_object *o = file_of(fd);
    int err;

    procs_point(procs_step("lock", o, PROCS_PC));
    if (operation & LOCK_UN)
        procs_release(&o->clock);
    while ((err = __real_flock(fd, operation | LOCK_NB)) &&
           errno == EWOULDBLOCK && !(operation & LOCK_NB))
        procs_block();
    if (!err && !(operation & LOCK_UN))
        procs_acquire(&o->clock);
    procs_went();
    return err;
}

int __wrap_lockf(int fd, int command, off_t size)
{
    struct procs_object *o = file_of(fd);
    int err;

    procs_point(procs_step("lock", o, PROCS_PC));
    if (command == F_ULOCK)
        procs_release(&o->clock);
    while (
        (err = __real_lockf(fd, command == F_LOCK ? F_TLOCK : command, size)) &&
        (errno == EAGAIN || errno == EACCES) && command == F_LOCK)
        procs_block();
    if (!err && command != F_ULOCK)
        procs_acquire(&o->clock);
    procs_went();
    return err;
}

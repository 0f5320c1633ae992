/*
 * Calls that block in the kernel, for the record of times: linked only into
 * the builds that a timeline is drawn of.
 */
#include "../core/recorder.h"

#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

/* Defines the wrap of a call: result, name, parameters, arguments. */
#define BLOCKS(op, type, name, parameters, ...)                                \
    type __real_##name parameters;                                             \
    type __wrap_##name parameters;                                             \
    type __wrap_##name parameters                                              \
    {                                                                          \
        struct record_thread *self = rl_self();                                \
        type result;                                                           \
                                                                               \
        rl_span_begin(self, op, NULL);                                         \
        result = __real_##name(__VA_ARGS__);                                   \
        rl_span_end(self, op);                                                 \
        return result;                                                         \
    }

typedef struct timespec time_s;
typedef struct pollfd poll_s;
typedef struct epoll_event event_s;
typedef struct sockaddr address_s;
typedef struct addrinfo info_s;

BLOCKS(RECORD_IO, ssize_t, read, (int f, void *b, size_t n), f, b, n)
BLOCKS(RECORD_IO, ssize_t, write, (int f, const void *b, size_t n), f, b, n)
BLOCKS(RECORD_IO, ssize_t, pread, (int f, void *b, size_t n, off_t o), f, b, n,
       o)
BLOCKS(RECORD_IO, ssize_t, pwrite, (int f, const void *b, size_t n, off_t o), f,
       b, n, o)
BLOCKS(RECORD_IO, ssize_t, readv, (int f, const struct iovec *v, int n), f, v,
       n)
BLOCKS(RECORD_IO, ssize_t, writev, (int f, const struct iovec *v, int n), f, v,
       n)
BLOCKS(RECORD_IO, int, fsync, (int f), f)
BLOCKS(RECORD_IO, ssize_t, recv, (int f, void *b, size_t n, int o), f, b, n, o)
BLOCKS(RECORD_IO, ssize_t, send, (int f, const void *b, size_t n, int o), f, b,
       n, o)
BLOCKS(RECORD_IO, ssize_t, recvfrom,
       (int f, void *b, size_t n, int o, address_s *a, socklen_t *l), f, b, n,
       o, a, l)
BLOCKS(RECORD_IO, ssize_t, sendto,
       (int f, const void *b, size_t n, int o, const address_s *a, socklen_t l),
       f, b, n, o, a, l)
BLOCKS(RECORD_IO, ssize_t, recvmsg, (int f, struct msghdr *m, int o), f, m, o)
BLOCKS(RECORD_IO, ssize_t, sendmsg, (int f, const struct msghdr *m, int o), f,
       m, o)
BLOCKS(RECORD_IO, int, accept, (int f, address_s *a, socklen_t *l), f, a, l)
BLOCKS(RECORD_IO, int, accept4, (int f, address_s *a, socklen_t *l, int o), f,
       a, l, o)
BLOCKS(RECORD_IO, int, connect, (int f, const address_s *a, socklen_t l), f, a,
       l)
BLOCKS(RECORD_IO, int, getaddrinfo,
       (const char *h, const char *s, const info_s *i, info_s **r), h, s, i, r)
BLOCKS(RECORD_IO, int, poll, (poll_s * p, nfds_t n, int ms), p, n, ms)
BLOCKS(RECORD_IO, int, ppoll,
       (poll_s * p, nfds_t n, const time_s *t, const sigset_t *m), p, n, t, m)
BLOCKS(RECORD_IO, int, select,
       (int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *t), n, r, w, e,
       t)
BLOCKS(RECORD_IO, int, pselect,
       (int n, fd_set *r, fd_set *w, fd_set *e, const time_s *t,
        const sigset_t *m),
       n, r, w, e, t, m)
BLOCKS(RECORD_IO, int, epoll_wait, (int f, event_s *e, int n, int ms), f, e, n,
       ms)
BLOCKS(RECORD_IO, int, epoll_pwait,
       (int f, event_s *e, int n, int ms, const sigset_t *m), f, e, n, ms, m)
BLOCKS(RECORD_IO, char *, fgets, (char *b, int n, FILE *f), b, n, f)
BLOCKS(RECORD_IO, int, fgetc, (FILE * f), f)
BLOCKS(RECORD_IO, int, getc, (FILE * f), f)
BLOCKS(RECORD_IO, int, getchar, (void), )
BLOCKS(RECORD_IO, size_t, fread, (void *b, size_t s, size_t n, FILE *f), b, s,
       n, f)
BLOCKS(RECORD_IO, ssize_t, getline, (char **b, size_t *n, FILE *f), b, n, f)
BLOCKS(RECORD_IO, ssize_t, getdelim, (char **b, size_t *n, int d, FILE *f), b,
       n, d, f)
BLOCKS(RECORD_IO, int, fflush, (FILE * f), f)
BLOCKS(RECORD_JOIN, pid_t, wait, (int *s), s)
BLOCKS(RECORD_JOIN, pid_t, waitpid, (pid_t p, int *s, int o), p, s, o)
BLOCKS(RECORD_JOIN, int, waitid, (idtype_t t, id_t i, siginfo_t *s, int o), t,
       i, s, o)
BLOCKS(RECORD_SLEEP, unsigned, sleep, (unsigned s), s)
BLOCKS(RECORD_SLEEP, int, usleep, (useconds_t us), us)
BLOCKS(RECORD_SLEEP, int, nanosleep, (const time_s *t, time_s *r), t, r)
BLOCKS(RECORD_SLEEP, int, clock_nanosleep,
       (clockid_t c, int o, const time_s *t, time_s *r), c, o, t, r)
BLOCKS(RECORD_SLEEP, int, thrd_sleep, (const time_s *t, time_s *r), t, r)

/*
 * Other calls: those that tell who handles an event, and those whose effects
 * are not modelled.
 */
#include "loop.h"

#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <threads.h>
#include <unistd.h>

#define HANDLES(type, name, parameters, fd, ...)                               \
    type __real_##name parameters;                                             \
    type __wrap_##name parameters;                                             \
    type __wrap_##name parameters                                              \
    {                                                                          \
        if (loop_on)                                                           \
            loop_handles(fd);                                                  \
        return __real_##name(__VA_ARGS__);                                     \
    }

#define UNSUPPORTED(what, type, name, parameters, ...)                         \
    type __real_##name parameters;                                             \
    type __wrap_##name parameters;                                             \
    type __wrap_##name parameters                                              \
    {                                                                          \
        if (loop_on)                                                           \
            loop_unsupported(what " (" #name ")");                             \
        return __real_##name(__VA_ARGS__);                                     \
    }

typedef struct sockaddr address;
typedef void *start(void *);
typedef const pthread_attr_t *thread_attr;
typedef const posix_spawn_file_actions_t *actions;
typedef const posix_spawnattr_t *spawn_attr;
typedef struct itimerval interval;
typedef struct sigevent event;

HANDLES(ssize_t, write, (int f, const void *b, size_t n), f, f, b, n)
HANDLES(ssize_t, recv, (int f, void *b, size_t n, int o), f, f, b, n, o)
HANDLES(ssize_t, send, (int f, const void *b, size_t n, int o), f, f, b, n, o)
HANDLES(int, accept, (int f, address *a, socklen_t *l), f, f, a, l)
HANDLES(int, accept4, (int f, address *a, socklen_t *l, int o), f, f, a, l, o)

UNSUPPORTED("it starts a thread", int, pthread_create,
            (pthread_t * t, thread_attr a, start *s, void *p), t, a, s, p)
UNSUPPORTED("it starts a thread", int, thrd_create,
            (thrd_t * t, thrd_start_t s, void *p), t, s, p)
UNSUPPORTED("it starts a process", pid_t, fork, (void))
UNSUPPORTED("it starts a process", pid_t, vfork, (void))
UNSUPPORTED("it starts a process", int, system, (const char *c), c)
UNSUPPORTED("it starts a process", FILE *, popen,
            (const char *c, const char *m), c, m)
UNSUPPORTED("it starts a process", int, posix_spawn,
            (pid_t * p, const char *f, actions x, spawn_attr a, char *const v[],
             char *const e[]),
            p, f, x, a, v, e)
UNSUPPORTED("it starts a process", int, posix_spawnp,
            (pid_t * p, const char *f, actions x, spawn_attr a, char *const v[],
             char *const e[]),
            p, f, x, a, v, e)
UNSUPPORTED("it has a timer that sends a signal", unsigned, alarm, (unsigned s),
            s)
UNSUPPORTED("it has a timer that sends a signal", int, setitimer,
            (__itimer_which_t w, const interval *n, interval *o), w, n, o)
UNSUPPORTED("it has a timer that sends a signal", int, timer_create,
            (clockid_t c, event *e, timer_t *t), c, e, t)

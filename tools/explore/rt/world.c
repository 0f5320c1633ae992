// The world outside: what would leak this machine or this moment into what
// the program does, and what is not modelled and ends the run by name.
#include "libc.h"
#include "rt.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { PID = 4242 };

int __real_raise(int sig);
int __real_pthread_kill(pthread_t t, int sig);

pid_t __wrap_getpid(void);
pid_t __wrap_getpid(void)
{
    return PID;
}

pid_t __wrap_getppid(void);
pid_t __wrap_getppid(void)
{
    return PID - 1;
}

pid_t __wrap_gettid(void);
pid_t __wrap_gettid(void)
{
    return PID + (pid_t)rt_self->id;
}

// The same bytes in every run, different ones at every call; a thread has its
// own, so that no order between threads matters.
static void fill(void *p, size_t n, uintptr_t pc)
{
    static uint64_t states[RL_THREADS];
    unsigned id = rt_self ? rt_self->id : 0;
    uint64_t state = states[id] ? states[id] : 42 + id;

    libc_writes(p, n, pc);
    for (size_t i = 0; i < n; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        ((uint8_t *)p)[i] = (uint8_t)(state >> 33);
    }
    states[id] = state;
}

ssize_t __wrap_getrandom(void *p, size_t n, unsigned flags);
ssize_t __wrap_getrandom(void *p, size_t n, unsigned flags)
{
    (void)flags;
    fill(p, n, RT_CALLER);
    return (ssize_t)n;
}

int __wrap_getentropy(void *p, size_t n);
int __wrap_getentropy(void *p, size_t n)
{
    fill(p, n, RT_CALLER);
    return 0;
}

uint32_t __wrap_arc4random(void);
uint32_t __wrap_arc4random(void)
{
    uint32_t n;

    fill(&n, sizeof n, RT_CALLER);
    return n;
}

// Signals to oneself run their handler at once, in this thread.
int __wrap_raise(int sig);
int __wrap_raise(int sig)
{
    return __real_raise(sig);
}

int __wrap_kill(pid_t pid, int sig);
int __wrap_kill(pid_t pid, int sig)
{
    if (pid != PID)
        rt_unsupported("kill of another process", RT_CALLER);
    return sig ? __real_raise(sig) : 0;
}

int __wrap_pthread_kill(pthread_t t, int sig);
int __wrap_pthread_kill(pthread_t t, int sig)
{
    if (sig && !pthread_equal(t, pthread_self()))
        rt_unsupported("pthread_kill of another thread", RT_CALLER);
    return sig ? __real_raise(sig) : 0;
}

// The arguments do not matter: nothing comes back.
#define UNSUPPORTED(name)                                                      \
    int __wrap_##name(void);                                                   \
    int __wrap_##name(void)                                                    \
    {                                                                          \
        rt_unsupported(#name, RT_CALLER);                                      \
    }

UNSUPPORTED(fork)
UNSUPPORTED(vfork)
UNSUPPORTED(clone)
UNSUPPORTED(system)
UNSUPPORTED(popen)
UNSUPPORTED(posix_spawn)
UNSUPPORTED(posix_spawnp)
UNSUPPORTED(execl)
UNSUPPORTED(execle)
UNSUPPORTED(execlp)
UNSUPPORTED(execv)
UNSUPPORTED(execve)
UNSUPPORTED(execvp)
UNSUPPORTED(execvpe)
UNSUPPORTED(syscall)
UNSUPPORTED(sem_open)
UNSUPPORTED(alarm)
UNSUPPORTED(ualarm)
UNSUPPORTED(setitimer)
UNSUPPORTED(timer_create)
UNSUPPORTED(timerfd_create)
UNSUPPORTED(eventfd)
UNSUPPORTED(signalfd)
UNSUPPORTED(sigwait)
UNSUPPORTED(sigwaitinfo)
UNSUPPORTED(sigtimedwait)
UNSUPPORTED(sigsuspend)
UNSUPPORTED(sigqueue)
UNSUPPORTED(pthread_sigqueue)
UNSUPPORTED(pause)
UNSUPPORTED(poll)
UNSUPPORTED(ppoll)
UNSUPPORTED(select)
UNSUPPORTED(pselect)
UNSUPPORTED(epoll_wait)
UNSUPPORTED(epoll_pwait)
UNSUPPORTED(mq_open)
UNSUPPORTED(shm_open)
UNSUPPORTED(dlopen)
UNSUPPORTED(lockf)
UNSUPPORTED(flock)
UNSUPPORTED(aio_read)
UNSUPPORTED(aio_write)
UNSUPPORTED(getcontext)
UNSUPPORTED(makecontext)
UNSUPPORTED(swapcontext)

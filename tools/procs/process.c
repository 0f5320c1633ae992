/*
 * Processes: fork, waiting for a child, the end, sleeping, and the calls that
 * are not modelled and are refused by name.
 */
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t __real_fork(void);
pid_t __real_waitpid(pid_t, int *, int);
int __real_kill(pid_t, int);
_Noreturn void __real__exit(int);
sighandler_t __real_signal(int, sighandler_t);
int __real_sigaction(int, const struct sigaction *, struct sigaction *);

static pid_t forked(uintptr_t pc)
{
    struct procs_process *p;
    pid_t pid;
    int child;

    procs_point(procs_step("fork", NULL, pc));
    /* Others may have forked before the turn came back. */
    child = procs->count;
    if (child == PROCESSES) {
        procs_refuse("more than 24 processes");
        return -1;
    }
    p = &procs->processes[child];
    memset(p, 0, sizeof *p);
    p->parent = procs_me;
    p->waits_on = -1;
    p->pidfd = -1;
    p->born = pc;
    p->state = PROCS_WAITS;
    p->clock = procs_self()->clock;
    p->clock.at[child] = 1;
    p->now = procs_step("start", NULL, pc);
    procs_self()->clock.at[procs_me]++;
    procs_objects_fork(procs_me, child);
    for (int i = 0; i < procs->nsegments; i++)
        procs->segments[i].mapped |= (procs->segments[i].mapped >> procs_me & 1)
                                     << child;
    procs->count++;
    pid = __real_fork();
    if (pid == 0) {
        procs_me = child;
        procs_await(p);
        procs_went();
    } else if (pid < 0) {
        procs_refuse("a fork that fails");
    } else {
        p->pid = pid;
        procs_went();
        if (procs->order != ORDER_FIRST)
            procs_yield();
    }
    return pid;
}

pid_t __wrap_fork(void)
{
    return forked(PROCS_PC);
}

pid_t __wrap_vfork(void)
{
    return forked(PROCS_PC);
}

static int number_of(pid_t pid)
{
    for (int i = 0; i < procs->count; i++) {
        if (procs->processes[i].pid == pid)
            return i;
    }
    return -1;
}

static pid_t waited(pid_t pid, int *status, int options, uintptr_t pc)
{
    struct procs_step step = procs_step("wait for a process", NULL, pc);
    struct procs_process *p;
    pid_t got;
    int said = 0, child;

    step.target = pid > 0 ? number_of(pid) : -1;
    procs_point(step);
    while ((got = __real_waitpid(pid, &said, options | WNOHANG)) == 0 &&
           !(options & WNOHANG))
        procs_block();
    child = got > 0 ? number_of(got) : -1;
    if (child >= 0) {
        p = &procs->processes[child];
        p->waited = true;
        p->looked = status != NULL;
        p->status = said;
        procs_acquire(&p->clock);
    }
    if (got > 0 && status)
        *status = said;
    procs_went();
    return got;
}

pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
    return waited(pid, status, options, PROCS_PC);
}

pid_t __wrap_wait(int *status)
{
    return waited(-1, status, 0, PROCS_PC);
}

pid_t __wrap_wait3(int *status, int options, struct rusage *usage)
{
    if (usage)
        memset(usage, 0, sizeof *usage);
    return waited(-1, status, options, PROCS_PC);
}

pid_t __wrap_wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    if (usage)
        memset(usage, 0, sizeof *usage);
    return waited(pid, status, options, PROCS_PC);
}

/* What is left of a process is its parent's and the pipes' to know; then the
 * server waits until the kernel has closed what it had open. */
static void end(uintptr_t pc)
{
    procs_point(procs_step("end", NULL, pc));
    procs_leave();
    procs_self()->state = PROCS_ENDS;
    procs_call();
}

/* Registered first, so called last; stdio's own end would come after it. */
void procs_at_exit(void)
{
    fflush(NULL);
    end(procs_self()->now.pc);
}

_Noreturn void __wrap__exit(int status)
{
    end(PROCS_PC);
    __real__exit(status);
}

_Noreturn void __wrap__Exit(int status)
{
    end(PROCS_PC);
    __real__exit(status);
}

int __wrap_kill(pid_t pid, int signal)
{
    int target = number_of(pid), err;

    procs_point(procs_step("kill", NULL, PROCS_PC));
    err = __real_kill(pid, signal);
    if (!err && signal && target >= 0 && target != procs_me) {
        procs->processes[target].asked_to_end = true;
        procs_yield();
    }
    procs_went();
    return err;
}

/* Time is no order: who sleeps goes on at once, but not for ever. */
static void slept(uintptr_t pc)
{
    if (!procs)
        return;
    procs_self()->streak += STREAK / 10;
    procs_point(procs_step("sleep", NULL, pc));
    procs_went();
}

int __wrap_usleep(useconds_t time)
{
    (void)time;
    slept(PROCS_PC);
    return 0;
}

unsigned __wrap_sleep(unsigned time)
{
    (void)time;
    slept(PROCS_PC);
    return 0;
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *left)
{
    (void)time, (void)left;
    slept(PROCS_PC);
    return 0;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags,
                           const struct timespec *time, struct timespec *left)
{
    (void)clock, (void)flags, (void)time, (void)left;
    slept(PROCS_PC);
    return 0;
}

int __wrap_sched_yield(void)
{
    slept(PROCS_PC);
    return 0;
}

/* Shared memory with a name is a file of the run's folder. */
static void file_name(char name[80], const char *given)
{
    snprintf(name, 80, ".rl-shm-%.60s", given + strspn(given, "/"));
}

int __wrap_shm_open(const char *given, int flags, mode_t mode)
{
    char name[80];

    file_name(name, given);
    return open(name, flags | O_CLOEXEC, mode);
}

int __wrap_shm_unlink(const char *given)
{
    char name[80];

    file_name(name, given);
    return unlink(name);
}

sighandler_t __wrap_signal(int signal, sighandler_t handler)
{
    if (procs && signal == SIGCHLD && handler != SIG_DFL && handler != SIG_IGN)
        procs_refuse("a handler of SIGCHLD");
    return __real_signal(signal, handler);
}

int __wrap_sigaction(int signal, const struct sigaction *a,
                     struct sigaction *old)
{
    if (procs && signal == SIGCHLD && a && a->sa_handler != SIG_DFL &&
        a->sa_handler != SIG_IGN)
        procs_refuse("a handler of SIGCHLD");
    return __real_sigaction(signal, a, old);
}

#define REFUSE(name)                                                           \
    int __wrap_##name(void);                                                   \
    int __wrap_##name(void)                                                    \
    {                                                                          \
        procs_refuse(#name);                                                   \
    }

REFUSE(pthread_create)
REFUSE(thrd_create)
REFUSE(execl)
REFUSE(execle)
REFUSE(execlp)
REFUSE(execv)
REFUSE(execve)
REFUSE(execvp)
REFUSE(execvpe)
REFUSE(fexecve)
REFUSE(posix_spawn)
REFUSE(posix_spawnp)
REFUSE(popen)
REFUSE(system)
REFUSE(daemon)
REFUSE(_Fork)
REFUSE(waitid)
REFUSE(socketpair)
REFUSE(mkfifo)
REFUSE(mq_open)
REFUSE(msgget)
REFUSE(semget)
REFUSE(epoll_wait)
REFUSE(epoll_pwait)
REFUSE(ppoll)
REFUSE(pselect)
REFUSE(readv)
REFUSE(writev)
REFUSE(sigwait)
REFUSE(sigsuspend)
REFUSE(pause)
REFUSE(alarm)
REFUSE(eventfd)
REFUSE(signalfd)
REFUSE(pthread_cond_clockwait)
REFUSE(pthread_mutex_clocklock)
REFUSE(sem_clockwait)
REFUSE(pthread_rwlock_tryrdlock)
REFUSE(pthread_rwlock_trywrlock)
REFUSE(pthread_rwlock_timedrdlock)
REFUSE(pthread_rwlock_timedwrlock)

/*
 * The server: forks a run of the program for each schedule, gives the turn to
 * one process after another, and sees who has ended. First three usual orders:
 * who was there first goes on, who came last, each in turn. Then hold-one: for
 * each process and each of its points in the first two a run in which it is
 * held there until all others have ended, wait or spin.
 */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int __real_main(int, char **, char **);
int __real_close(int);
int __real_poll(struct pollfd *, nfds_t, int);
int __real_kill(pid_t, int);
pid_t __real_fork(void);
pid_t __real_waitpid(pid_t, int *, int);
void *__real_mmap(void *, size_t, int, int, int, off_t);
void procs_at_exit(void);

enum { HIGH_FD = 200, MOST = 400, SLICE_MS = 10, LOOK_MS = 3000 };

static int out = -1, err = -1;
static int last; /* who had the turn */
static int spun; /* how often somebody was tired during a hold */
static int root_status;

static bool dead(struct procs_process *p, int ms)
{
    struct pollfd fd = {.fd = p->pidfd, .events = POLLIN};

    return __real_poll(&fd, 1, ms) > 0;
}

static void buried(int i)
{
    struct procs_process *p = &procs->processes[i];
    int status;

    p->state = PROCS_DEAD;
    p->blocked_at = 0;
    procs->version++;
    procs_objects_death(i);
    if (i == 0 && __real_waitpid(p->pid, &status, 0) == p->pid)
        root_status = status;
    __real_close(p->pidfd);
    p->pidfd = -1;
}

static long cpu_ms(pid_t pid)
{
    clockid_t clock;
    struct timespec t;

    if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
        return 0;
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until the process has given its turn back or has ended. */
static void wait_called(int i)
{
    struct procs_process *p = &procs->processes[i];
    long used = -1, waited = 0;

    while (!atomic_load(&procs->called)) {
        procs_futex_wait(&procs->called, 0, SLICE_MS);
        if (atomic_load(&procs->called))
            break;
        if (dead(p, 0))
            break;
        waited += SLICE_MS;
        if (waited % LOOK_MS == 0) {
            long now = cpu_ms(p->pid);

            if (used >= 0 && now - used < 5)
                snprintf(procs->refused, sizeof procs->refused,
                         "a call in which process %d waits", i);
            else if (now > 5000)
                snprintf(procs->refused, sizeof procs->refused,
                         "process %d, busy for 5 s between two steps", i);
            if (procs->refused[0])
                return;
            used = now;
        }
    }
    if (!atomic_load(&procs->called)) {
        buried(i);
    } else if (p->state == PROCS_ENDS) {
        if (dead(p, LOOK_MS))
            buried(i);
        else
            strcpy(procs->refused, "a process that does not end");
    }
}

static void give(int i)
{
    struct procs_process *p = &procs->processes[i];

    if (p->pidfd < 0)
        p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
    if (p->pidfd < 0) {
        strcpy(procs->refused, "a kernel without pidfd_open");
        return;
    }
    fcntl(p->pidfd, F_SETFD, FD_CLOEXEC);
    atomic_store(&procs->called, 0);
    atomic_store(&p->turn, 1);
    procs_futex_wake(&p->turn);
    wait_called(i);
}

static bool can_run(int i)
{
    const struct procs_process *p = &procs->processes[i];

    return p->state == PROCS_WAITS && p->blocked_at != procs->version;
}

/* The first that can, in this run's order; held and tired ones only if so
 * asked. -1: none. */
static int first_of(bool held, bool tired)
{
    int n = procs->count;

    for (int k = 0; k <= n; k++) {
        int i;

        if (procs->order == ORDER_TURNS)
            i = (last + 1 + k) % n;
        else if (k == 0)
            i = last;
        else
            i = procs->order == ORDER_FIRST ? k - 1 : n - k;
        if (can_run(i) && procs->processes[i].held_up == held &&
            (tired || !procs->processes[i].tired))
            return i;
    }
    return -1;
}

static int late_one(void)
{
    for (int i = 0; i < procs->count; i++) {
        struct procs_process *p = &procs->processes[i];

        if (p->state == PROCS_WAITS && p->timed && !p->expired) {
            p->expired = true;
            return i;
        }
    }
    return -1;
}

/* How many live, the first process not counted. */
static void count_alive(void)
{
    int alive = 0;

    for (int i = 1; i < procs->count; i++)
        alive += procs->processes[i].state != PROCS_DEAD;
    if (alive > procs->most_alive)
        procs->most_alive = alive;
}

/* Who is next; -1: nobody can go on. */
static int next(void)
{
    int i = first_of(false, false);

    if (i >= 0)
        return i;
    if (spun++ < 2 * procs->count || (i = first_of(true, true)) < 0)
        i = first_of(false, true);
    if (i < 0)
        i = first_of(true, true);
    if (i < 0)
        i = late_one();
    if (i >= 0)
        procs->processes[i].held_up = false;
    for (int k = 0; k < procs->count; k++)
        procs->processes[k].tired = false;
    return i;
}

/* Those that a kill has reached. */
static void bury_killed(void)
{
    for (int i = 0; i < procs->count; i++) {
        struct procs_process *p = &procs->processes[i];

        if (!p->asked_to_end || p->state == PROCS_DEAD)
            continue;
        if (p->pidfd < 0)
            p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
        if (p->pidfd >= 0 && dead(p, 50))
            buried(i);
    }
}

static void tell_all(void)
{
    procs->telling = true;
    for (int i = 0; i < procs->count; i++) {
        if (procs->processes[i].state == PROCS_WAITS)
            give(i);
    }
    procs->telling = false;
}

/* How those ended that nobody has waited for. */
static void orphans(void)
{
    int status;
    pid_t pid;

    while ((pid = __real_waitpid(-1, &status, WNOHANG)) > 0) {
        for (int i = 0; i < procs->count; i++) {
            if (procs->processes[i].pid == pid)
                procs->processes[i].status = status;
        }
    }
}

static void kill_all(void)
{
    for (int i = 0; i < procs->count; i++) {
        struct procs_process *p = &procs->processes[i];

        if (p->state != PROCS_DEAD)
            __real_kill(p->pid, SIGKILL);
        if (p->pidfd >= 0)
            __real_close(p->pidfd);
        p->pidfd = -1;
    }
    while (__real_waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
}

static void reset(const struct procs_schedule *s)
{
    struct procs_process *root = procs->processes;

    memset(procs, 0, offsetof(struct procs_shared, objects));
    memset(procs->buckets, 0, sizeof procs->buckets);
    memset(procs->names, 0, sizeof procs->names);
    procs->nobjects = procs->nsegments = procs->nnotes = 0;
    procs->next_id = 0;
    procs->low = procs->high = 0;
    procs->ncells = 0;
    procs->version = 1;
    procs->order = s->order;
    procs->hold_process = s->process;
    procs->hold_point = s->point;
    procs->count = 1;
    root->parent = root->pidfd = root->waits_on = -1;
    root->state = PROCS_WAITS;
    root->clock.at[0] = 1;
    root->now.op = "start";
    root->now.number = root->now.target = -1;
    last = spun = 0;
}

/* Never returns in the run. */
static pid_t start(int argc, char **argv, char **envp)
{
    const char *findings = getenv("RL_FINDINGS_FD");
    pid_t pid;

    fflush(NULL);
    if (ftruncate(out, 0) || ftruncate(err, 0))
        return -1;
    lseek(0, 0, SEEK_SET);
    pid = __real_fork();
    if (pid)
        return pid;
    dup2(out, 1);
    dup2(err, 2);
    __real_close(out);
    __real_close(err);
    if (findings)
        __real_close(atoi(findings));
    unsetenv("RL_FINDINGS_FD");
    unsetenv("RL_PROCS_SCHEDULES");
    atexit(procs_at_exit);
    procs_me = 0;
    procs_await(procs->processes);
    exit(__real_main(argc, argv, envp));
}

/* One run; false: something is refused. */
static bool run(const struct procs_schedule *s, int argc, char **argv,
                char **envp)
{
    struct procs_ending e = {false, 0};
    struct procs_process *root = procs->processes;
    int i;

    reset(s);
    root->pid = start(argc, argv, envp);
    if (root->pid < 0)
        strcpy(procs->refused, "a machine on which fork fails");
    while (!procs->refused[0] && root->state != PROCS_DEAD) {
        bury_killed();
        count_alive();
        i = next();
        if (i < 0) {
            e.still = true;
            tell_all();
            break;
        }
        last = i;
        give(i);
    }
    e.status = root_status;
    orphans();
    if (!procs->refused[0])
        answer_run(s, e, out, err);
    kill_all();
    return !procs->refused[0];
}

static int plan_holds(struct procs_schedule *all, int n, enum procs_order order)
{
    for (int i = 0; i < procs->count; i++) {
        for (uint32_t k = 1; k <= procs->processes[i].points; k++) {
            if (n < POINTS)
                all[n++] = (struct procs_schedule){order, i, k};
        }
    }
    return n;
}

static int scratch_file(void)
{
    char name[] = ".rl-output-XXXXXX";
    int fd = mkostemp(name, O_APPEND | O_CLOEXEC), high;

    if (fd < 0)
        return -1;
    unlink(name);
    high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);
    __real_close(fd);
    return high;
}

static int find_base(struct dl_phdr_info *info, size_t size, void *base)
{
    (void)size;
    *(uintptr_t *)base = info->dlpi_addr;
    return 1;
}

static int serve(struct procs_schedule *all, int argc, char **argv, char **envp)
{
    static const struct procs_schedule usual[] = {
        {ORDER_FIRST, -1, 0}, {ORDER_LAST, -1, 0}, {ORDER_TURNS, -1, 0}};
    const char *asked = getenv("RL_PROCS_SCHEDULES");
    int most = asked ? atoi(asked) : MOST, n = 0, take, done = 0;

    for (int i = 0; i < 3; i++) {
        if (!run(&usual[i], argc, argv, envp)) {
            answer_end(done, done);
            return 0;
        }
        done++;
        if (i < 2 && procs->count > 1)
            n = plan_holds(all, n, usual[i].order);
    }
    take = n < most ? n : most;
    for (int i = 0; i < take; i++, done++) {
        if (!run(&all[(long)i * n / take], argc, argv, envp))
            break;
    }
    answer_end(done, n + 3);
    return 0;
}

int __wrap_main(int argc, char **argv, char **envp)
{
    struct procs_schedule *all;

    procs = __real_mmap(NULL, sizeof *procs, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    all = malloc(POINTS * sizeof *all);
    out = scratch_file();
    err = scratch_file();
    if (procs == MAP_FAILED || !all || out < 0 || err < 0)
        return 70;
    dl_iterate_phdr(find_base, &procs_base);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    return serve(all, argc, argv, envp);
}

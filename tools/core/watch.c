/*
 * A hang is a state, not a time. Two looks in a row at every task: each is in
 * a system call that waits without a deadline, and none has run in between
 * (its count of context switches is the same). Between the end of the first
 * look and the start of the second then nothing ran at all, so nothing is
 * left that could wake anything.
 *
 * With a record the tasks of a process are its recorded threads; one task
 * that is not among them and only sleeps is ThreadSanitizer's own.
 */
#include "run.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct task {
    pid_t pid, tid;
    pid_t inner_tid; /* in the program's own namespace */
    unsigned long switches;
    char call[160]; /* its line of /proc/.../syscall */
};

struct looked {
    struct task *tasks;
    size_t n, room;
};

struct watch {
    struct looked now, before;
    /* For watch_record: */
    uint64_t clock;
    long cpu_ns;
    int unchanged;
};

enum waiting {
    AWAKE,  /* runs, or will by itself: it has a deadline */
    WAITS,  /* without a deadline */
    SLEEPS, /* for a time */
    GONE,   /* has ended */
    UNTOLD, /* the kernel does not say */
};

/* The system calls that wait, and where their deadline is. */
static const struct {
    long number;
    enum { NEVER, NULL_IS_NONE, MINUS_ONE_IS_NONE, ON_FILE } deadline;
    int argument;
} waits[] = {
    {SYS_futex, NULL_IS_NONE, 3},
    {SYS_read, ON_FILE, 0},
    {SYS_readv, ON_FILE, 0},
    {SYS_write, NEVER, 0},
    {SYS_writev, NEVER, 0},
    {SYS_recvfrom, NEVER, 0},
    {SYS_recvmsg, NEVER, 0},
    {SYS_sendto, NEVER, 0},
    {SYS_sendmsg, NEVER, 0},
    {SYS_accept, NEVER, 0},
    {SYS_accept4, NEVER, 0},
    {SYS_connect, NEVER, 0},
    {SYS_wait4, NEVER, 0},
    {SYS_waitid, NEVER, 0},
    {SYS_rt_sigsuspend, NEVER, 0},
    {SYS_rt_sigtimedwait, NULL_IS_NONE, 2},
    {SYS_flock, NEVER, 0},
    {SYS_msgrcv, NEVER, 0},
    {SYS_msgsnd, NEVER, 0},
    {SYS_semtimedop, NULL_IS_NONE, 3},
    {SYS_mq_timedreceive, NULL_IS_NONE, 4},
    {SYS_mq_timedsend, NULL_IS_NONE, 4},
    {SYS_ppoll, NULL_IS_NONE, 2},
    {SYS_pselect6, NULL_IS_NONE, 4},
    {SYS_epoll_pwait, MINUS_ONE_IS_NONE, 3},
#ifdef SYS_semop
    {SYS_semop, NEVER, 0},
#endif
#ifdef SYS_pause
    {SYS_pause, NEVER, 0},
#endif
#ifdef SYS_poll
    {SYS_poll, MINUS_ONE_IS_NONE, 2},
#endif
#ifdef SYS_select
    {SYS_select, NULL_IS_NONE, 4},
#endif
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, MINUS_ONE_IS_NONE, 3},
#endif
#ifdef SYS_futex_waitv
    {SYS_futex_waitv, NULL_IS_NONE, 3},
#endif
#ifdef SYS_epoll_pwait2
    {SYS_epoll_pwait2, NULL_IS_NONE, 3},
#endif
};

struct watch *watch_new(void)
{
    return calloc(1, sizeof(struct watch));
}

void watch_free(struct watch *w)
{
    if (w) {
        free(w->now.tasks);
        free(w->before.tasks);
        free(w);
    }
}

/* A whole small file; false with errno. */
static bool read_text(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    int error;

    if (fd < 0)
        return false;
    n = read(fd, text, size - 1);
    error = errno;
    close(fd);
    errno = error;
    if (n < 0)
        return false;
    text[n] = '\0';
    return true;
}

/* A read from a named file, a terminal or a timer can end by itself. */
static bool file_may_speak(pid_t pid, unsigned long fd)
{
    char path[64];
    char link[256];
    ssize_t n;

    snprintf(path, sizeof path, "/proc/%d/fd/%lu", pid, fd);
    n = readlink(path, link, sizeof link - 1);
    if (n < 0)
        return true;
    link[n] = '\0';
    return link[0] == '/' || strstr(link, "timerfd");
}

static enum waiting classify(pid_t pid, const char *call)
{
    unsigned long arguments[6];
    long number;

    if (strncmp(call, "running", 7) == 0)
        return AWAKE;
    if (sscanf(call, "%ld %lx %lx %lx %lx %lx %lx", &number, &arguments[0],
               &arguments[1], &arguments[2], &arguments[3], &arguments[4],
               &arguments[5]) != 7)
        return AWAKE;
    if (number == SYS_clock_nanosleep || number == SYS_nanosleep)
        return SLEEPS;
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        unsigned long value = arguments[waits[i].argument];

        if (waits[i].number != number)
            continue;
        switch (waits[i].deadline) {
        case NEVER:
            return WAITS;
        case NULL_IS_NONE:
            return value == 0 ? WAITS : AWAKE;
        case MINUS_ONE_IS_NONE:
            return (int)value == -1 ? WAITS : AWAKE;
        case ON_FILE:
            return file_may_speak(pid, value) ? AWAKE : WAITS;
        }
    }
    return AWAKE;
}

static unsigned long count_after(const char *text, const char *key)
{
    const char *at = strstr(text, key);

    return at ? strtoul(at + strlen(key), NULL, 10) : 0;
}

/* A number of /proc/.../status as the program itself sees it: the last of the
 * line, that of the innermost namespace. */
static pid_t inner(const char *status, const char *key)
{
    const char *at = strstr(status, key);
    long number = -1;

    if (!at)
        return -1;
    at += strlen(key);
    while (*at == '\t' || *at == ' ') {
        char *end;

        number = strtol(at, &end, 10);
        at = end;
    }
    return (pid_t)number;
}

/* The pid of a process that the program knows it by; -1: it is gone. */
static pid_t inner_pid(pid_t pid)
{
    char path[64];
    char status[4096];

    snprintf(path, sizeof path, "/proc/%d/status", pid);
    return read_text(path, status, sizeof status) ? inner(status, "\nNStgid:")
                                                  : -1;
}

static enum waiting look_at_task(pid_t pid, pid_t tid, struct task *t)
{
    char path[96];
    char status[4096];
    const char *line;
    char state = '?';

    snprintf(path, sizeof path, "/proc/%d/task/%d/status", pid, tid);
    if (!read_text(path, status, sizeof status))
        return errno == ENOENT || errno == ESRCH ? GONE : UNTOLD;
    line = strstr(status, "\nState:");
    if (line && sscanf(line, " State: %c", &state) == 1 &&
        (state == 'Z' || state == 'X'))
        return GONE;
    t->pid = pid;
    t->tid = tid;
    t->inner_tid = inner(status, "\nNSpid:");
    t->switches = count_after(status, "\nvoluntary_ctxt_switches:") +
                  count_after(status, "\nnonvoluntary_ctxt_switches:");
    snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", pid, tid);
    if (!read_text(path, t->call, sizeof t->call))
        return errno == ESRCH ? GONE : UNTOLD;
    return classify(pid, t->call);
}

static struct task *next_task(struct looked *l)
{
    if (l->n == l->room) {
        void *more = reallocarray(
            l->tasks, l->room = l->room ? 2 * l->room : 16, sizeof *l->tasks);

        if (!more)
            return NULL;
        l->tasks = more;
    }
    return &l->tasks[l->n];
}

static bool started(const struct record *r)
{
    return r && atomic_load(&r->started);
}

static uint32_t used(const struct record *r)
{
    uint32_t n = atomic_load(&r->slots);

    return n < RECORD_THREADS ? n : RECORD_THREADS;
}

static bool recorded(const struct record *r, pid_t pid, pid_t tid)
{
    for (uint32_t i = 0; started(r) && i < used(r); i++) {
        const struct record_thread *t = &r->threads[i];

        if (t->pid == pid && atomic_load(&t->tid) == tid)
            return true;
    }
    return false;
}

static bool has_threads(const struct record *r, pid_t pid)
{
    for (uint32_t i = 0; started(r) && i < used(r); i++) {
        if (r->threads[i].pid == pid)
            return true;
    }
    return false;
}

/* A thread that is created and has not run yet will. */
static bool about_to_run(const struct record *r)
{
    for (uint32_t i = 0; started(r) && i < used(r); i++) {
        if (atomic_load(&r->threads[i].state) == RECORD_CREATED)
            return true;
    }
    return false;
}

static enum waiting look_at_process(struct watch *w, pid_t pid,
                                    const struct record *r)
{
    char path[64];
    DIR *dir;
    struct dirent *entry;
    pid_t own = started(r) ? inner_pid(pid) : pid;
    bool known = has_threads(r, own);
    enum waiting result = WAITS;
    int sleeping = 0;

    snprintf(path, sizeof path, "/proc/%d/task", pid);
    dir = opendir(path);
    if (!dir)
        return errno == ENOENT || errno == ESRCH ? GONE : UNTOLD;
    while (result == WAITS && (entry = readdir(dir))) {
        pid_t tid = atoi(entry->d_name);
        struct task *t;
        enum waiting task;

        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        t = next_task(&w->now);
        task = t ? look_at_task(pid, tid, t) : UNTOLD;
        if (task == WAITS)
            w->now.n++;
        else if (task == SLEEPS && known && !recorded(r, own, t->inner_tid))
            sleeping++;
        else if (task != GONE)
            result = task == UNTOLD ? UNTOLD : AWAKE;
    }
    closedir(dir);
    return sleeping > 1 && result == WAITS ? AWAKE : result;
}

/* A timer that is set will wake what polls for it. */
static bool timer_is_set(pid_t pid)
{
    char path[64];
    DIR *dir;
    struct dirent *entry;
    bool set = false;

    snprintf(path, sizeof path, "/proc/%d/fdinfo", pid);
    dir = opendir(path);
    while (dir && !set && (entry = readdir(dir))) {
        char file[400];
        char text[1024];

        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.' || !read_text(file, text, sizeof text))
            continue;
        set = strstr(text, "it_value:") && !strstr(text, "it_value: (0, 0)");
    }
    if (dir)
        closedir(dir);
    return set;
}

static bool same(const struct looked *a, const struct looked *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        const struct task *x = &a->tasks[i];
        const struct task *y = &b->tasks[i];

        if (x->pid != y->pid || x->tid != y->tid ||
            x->switches != y->switches || strcmp(x->call, y->call) != 0)
            return false;
    }
    return true;
}

enum watch_look watch_look(struct watch *w, const struct tree *t,
                           const struct record *record)
{
    struct looked old = w->before;
    bool still;

    w->before = w->now;
    w->now = old;
    w->now.n = 0;
    if (started(record) &&
        (atomic_load(&record->timers) || about_to_run(record)))
        return WATCH_MOVING;
    for (size_t i = 0; i < t->n; i++) {
        enum waiting p = look_at_process(w, t->pids[i], record);

        if (p == UNTOLD)
            return WATCH_REFUSED;
        if (p == AWAKE) {
            w->now.n = 0;
            return WATCH_MOVING;
        }
    }
    still = w->now.n > 0 && same(&w->now, &w->before);
    for (size_t i = 0; still && i < t->n; i++)
        still = !timer_is_set(t->pids[i]);
    return still ? WATCH_STILL : WATCH_MOVING;
}

static long cpu_of(pid_t pid)
{
    clockid_t clock;
    struct timespec used_time;

    if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &used_time))
        return -1;
    return used_time.tv_sec * 1000000000L + used_time.tv_nsec;
}

/* Ten looks in a row with every thread in a recorded wait without a deadline,
 * the record's clock the same and no CPU time to speak of (TSan's own thread
 * takes some microseconds). */
enum watch_look watch_record(struct watch *w, pid_t root,
                             const struct record *record)
{
    uint64_t clock;
    long cpu;
    bool all_wait = started(record) && !atomic_load(&record->timers);

    if (!started(record))
        return WATCH_MOVING;
    for (uint32_t i = 0; all_wait && i < used(record); i++) {
        const struct record_thread *t = &record->threads[i];
        uint32_t state = atomic_load(&t->state);

        all_wait = state != RECORD_CREATED &&
                   (state != RECORD_RUNNING ||
                    (atomic_load(&t->wait_op) && !t->wait_deadline));
    }
    clock = atomic_load(&record->clock);
    cpu = cpu_of(root);
    if (all_wait && clock == w->clock && cpu - w->cpu_ns < 1000000)
        w->unchanged++;
    else
        w->unchanged = 0;
    w->clock = clock;
    w->cpu_ns = cpu;
    return w->unchanged >= 10 ? WATCH_STILL : WATCH_MOVING;
}

/*
 * A process's side of the turn: points, waiting, and calls that are refused.
 */
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct procs_shared *procs;
int procs_me;
uintptr_t procs_base;

void procs_futex_wait(_Atomic uint32_t *word, uint32_t value, long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    syscall(SYS_futex, word, FUTEX_WAIT, value, ms ? &t : NULL, NULL, 0);
}

void procs_futex_wake(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void procs_call(void)
{
    atomic_store(&procs->called, 1);
    procs_futex_wake(&procs->called);
}

/* What pipe ends this process has open. */
static void tell_ends(struct procs_process *p)
{
    struct stat st;

    p->nends = 0;
    for (int fd = 0; fd < 256 && p->nends < ENDS; fd++) {
        int flags = fcntl(fd, F_GETFL);

        if (flags < 0 || fstat(fd, &st) || !S_ISFIFO(st.st_mode))
            continue;
        p->ends[p->nends++] = (struct procs_end){
            .pipe = (uint64_t)st.st_ino,
            .writes = (flags & O_ACCMODE) != O_RDONLY,
            .reads = (flags & O_ACCMODE) != O_WRONLY,
        };
    }
}

void procs_await(struct procs_process *p)
{
    int kept = errno;

    for (;;) {
        while (!atomic_load(&p->turn))
            procs_futex_wait(&p->turn, 0, 0);
        atomic_store(&p->turn, 0);
        if (!procs->telling)
            break;
        tell_ends(p);
        procs_call();
    }
    p->state = PROCS_RUNS;
    errno = kept;
}

static void give(struct procs_process *p)
{
    int kept = errno;

    p->state = PROCS_WAITS;
    p->streak = 0;
    procs_call();
    procs_await(p);
    errno = kept;
}

void procs_yield(void)
{
    procs_self()->tired = true;
    give(procs_self());
}

void procs_point(struct procs_step step)
{
    struct procs_process *p = procs_self();

    p->now = step;
    p->points++;
    p->streak++;
    if (++procs->points > POINTS)
        procs_refuse("without end: 60,000 steps");
    if (procs->hold_process == procs_me && procs->hold_point == p->points) {
        p->held_up = true;
        procs->held = step;
    } else if (p->streak > STREAK || procs->order == ORDER_TURNS) {
        p->tired = true;
    }
    if (p->held_up || p->tired)
        give(p);
}

void procs_block(void)
{
    procs_self()->blocked_at = procs->version;
    give(procs_self());
}

void procs_went(void)
{
    struct procs_process *p = procs_self();

    procs->version++;
    p->blocked_at = 0;
    p->timed = p->expired = false;
}

_Noreturn void procs_refuse(const char *what)
{
    strncpy(procs->refused, what, sizeof procs->refused - 1);
    procs_call();
    for (;;)
        pause();
}

/*
 * See confine.h. The filter of system calls is in calls.c.
 */
#include "confine.h"

#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LAST_CAPABILITY = 63, AWAY = 300 };

/* Never above a hard limit that is there. */
static void limit(int resource, int64_t soft, int64_t hard)
{
    struct rlimit l;

    if (getrlimit(resource, &l))
        return;
    if (l.rlim_max == RLIM_INFINITY || (rlim_t)hard < l.rlim_max)
        l.rlim_max = (rlim_t)hard;
    l.rlim_cur = (rlim_t)soft < l.rlim_max ? (rlim_t)soft : l.rlim_max;
    setrlimit(resource, &l);
}

static void set_limits(const struct confine_limits *l)
{
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_MEMLOCK, 64 << 10, 64 << 10);
    limit(RLIMIT_RTPRIO, 0, 0);
    limit(RLIMIT_SIGPENDING, 1024, 1024);
    limit(RLIMIT_MSGQUEUE, 800 << 10, 800 << 10);
    if (l->cpu > 0)
        limit(RLIMIT_CPU, l->cpu + 2, l->cpu + 3);
    if (l->file > 0)
        limit(RLIMIT_FSIZE, l->file << 20, l->file << 20);
    if (l->tasks > 0)
        limit(RLIMIT_NPROC, l->tasks, l->tasks);
    if (l->data > 0)
        limit(RLIMIT_DATA, l->data << 20, l->data << 20);
    if (l->address > 0)
        limit(RLIMIT_AS, l->address << 20, l->address << 20);
}

bool confine_user(uid_t user)
{
    return setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 &&
           setresuid(user, user, user) == 0;
}

bool confine_drop(void)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0}};

    /* The bounding set needs a privilege that not everybody has. */
    for (int c = 0; c <= LAST_CAPABILITY; c++)
        prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_capset, &header, none) == 0;
}

static void default_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_DFL);
}

static bool among(const struct confine_job *j, int number)
{
    for (size_t i = 0; i < j->nfds; i++) {
        if (j->numbers[i] == number)
            return true;
    }
    return false;
}

/* First out of the way of all numbers, then to its own; the rest closes at
 * exec. */
static bool place(const struct confine_job *j)
{
    int last = 2;

    for (size_t i = 0; i < j->nfds; i++) {
        int away = fcntl(j->fds[i], F_DUPFD_CLOEXEC, AWAY + (int)i);

        if (away < 0)
            return false;
        if (j->numbers[i] > last)
            last = j->numbers[i];
        ((struct confine_job *)j)->fds[i] = away;
    }
    for (size_t i = 0; i < j->nfds; i++) {
        if (dup2(j->fds[i], j->numbers[i]) < 0)
            return false;
    }
    for (int fd = 0; fd <= last; fd++) {
        if (!among(j, fd))
            fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    return syscall(SYS_close_range, (unsigned)last + 1, ~0U,
                   4U /* CLOSE_RANGE_CLOEXEC */) == 0 ||
           errno == ENOSYS;
}

void confine_offer(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (fd >= 0) {
        if (write(fd, "1000", 4) < 0)
            errno = 0; /* then it is as likely as the others */
        close(fd);
    }
}

_Noreturn void confine_become(const struct confine_job *j, int report)
{
    extern char **environ;
    int error;

    report = fcntl(report, F_DUPFD_CLOEXEC, AWAY + CONFINE_FDS);
    setsid();
    if (j->flags & CONFINE_ORPHAN) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_CHILD_SUBREAPER, 1);
    }
    default_signals();
    umask(022);
    if (j->flags & CONFINE_FIXED)
        personality(ADDR_NO_RANDOMIZE);
    confine_offer();
    environ = j->env;
    if ((!j->prepare || j->prepare(j->prepare_arg)) && place(j) &&
        (j->user == (uid_t)-1 || confine_user(j->user)) &&
        (!j->folder || chdir(j->folder) == 0) &&
        (!(j->flags & CONFINE_PRIVILEGES) ||
         (confine_drop() && calls_filter()))) {
        set_limits(&j->limits);
        execvp(j->argv[0], j->argv);
    }
    error = errno;
    if (write(report, &error, sizeof error) < 0)
        _exit(126);
    _exit(127);
}

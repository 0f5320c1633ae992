/*
 * rl-inside: the first process of a box of namespaces. It starts programs,
 * tells how they end and ends what is left. A program runs as the same user
 * beside it, but cannot signal the first process of its namespace, and this
 * one shows its memory and descriptors to nobody. It keeps one privilege,
 * over its own mounts, to give each program an empty folder of a fixed size.
 */
#include "confine.h"
#include "wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static struct wire in, out;
static pid_t program; /* 0: none runs */

static void tell(enum wire_type type, int value, long cpu_ms)
{
    out = (struct wire){.type = type, .value = value, .cpu_ms = cpu_ms};
    if (!wire_send(WIRE_FD, &out, NULL))
        _exit(0); /* nobody is left who would ask */
}

static long used_ms(void)
{
    struct rusage u;

    getrusage(RUSAGE_CHILDREN, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
           (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

/* Memory that files may take, and how many of them there may be. */
static bool fresh(const char *folder, int mib)
{
    char data[80];

    snprintf(data, sizeof data, "mode=0755,size=%dm,nr_inodes=%d", mib,
             mib * 256);
    return mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, data) == 0;
}

/* IPC objects and files of an earlier program are not there. */
static bool new_world(void *arg)
{
    const struct wire *m = arg;
    struct wire self = {.type = WIRE_SELF};

    return wire_send(WIRE_FD, &self, NULL) &&
           unshare(CLONE_NEWNS | CLONE_NEWIPC) == 0 &&
           fresh("/scratch", m->scratch) &&
           (m->tmp_is_read ||
            mount("/scratch", "/tmp", NULL, MS_BIND, NULL) == 0) &&
           fresh("/dev/shm", m->scratch);
}

static char **strings(char **at, const char *end, uint32_t n)
{
    char **list = calloc(n + 1, sizeof *list);

    if (!list)
        _exit(70);
    for (uint32_t i = 0; i < n && *at < end; i++) {
        list[i] = *at;
        *at += strlen(*at) + 1;
    }
    return list;
}

/* Tells whether exec was right, which only the end of a pipe says. */
static void start(int fds[CONFINE_FDS])
{
    char *at = in.text;
    struct confine_job job = {
        .limits = in.limits,
        .nfds = in.nfds,
        .flags = CONFINE_PRIVILEGES | (in.fixed ? CONFINE_FIXED : 0),
        .user = (uid_t)-1,
        .folder = "/scratch",
        .prepare = new_world,
        .prepare_arg = &in,
    };
    int report[2];
    int error = 0;

    job.argv = strings(&at, in.text + in.used, in.nargs);
    job.env = strings(&at, in.text + in.used, in.nenv);
    for (uint32_t i = 0; i < in.nfds; i++) {
        job.fds[i] = fds[i];
        job.numbers[i] = in.numbers[i];
    }
    if (pipe2(report, O_CLOEXEC) || (program = fork()) < 0) {
        program = 0;
        error = errno;
    } else {
        if (program == 0)
            confine_become(&job, report[1]);
        close(report[1]);
        if (read(report[0], &error, sizeof error) != (ssize_t)sizeof error)
            error = 0;
        close(report[0]);
    }
    for (uint32_t i = 0; i < in.nfds; i++)
        close(fds[i]);
    free(job.argv);
    free(job.env);
    if (error && program > 0) {
        waitpid(program, NULL, 0);
        program = 0;
    }
    tell(error ? WIRE_FAILED : WIRE_STARTED, error, 0);
}

static void reap(void)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != program)
            continue;
        program = 0;
        tell(WIRE_ENDED, status, used_ms());
    }
}

/* Processes beside this one; the dead do not count. */
static int others(void)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    int n = 0;

    while (proc && (entry = readdir(proc)))
        n += atoi(entry->d_name) > 1;
    if (proc)
        closedir(proc);
    return n;
}

static void finish(void)
{
    int left;

    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
    left = others();
    /* Whatever runs here is a child of this process in the end. */
    while (kill(-1, SIGKILL) == 0 && waitpid(-1, NULL, 0) > 0)
        continue;
    program = 0;
    tell(WIRE_FINISHED, left, used_ms());
}

static void obey(void)
{
    int fds[CONFINE_FDS];
    pid_t sender;

    if (!wire_receive(WIRE_FD, &in, fds, &sender, true))
        _exit(0);
    switch (in.type) {
    case WIRE_START:
        start(fds);
        break;
    case WIRE_SIGNAL:
        kill(-1, in.value);
        break;
    case WIRE_FINISH:
        finish();
        break;
    }
}

int main(void)
{
    struct pollfd polled[2] = {{WIRE_FD, POLLIN, 0}};
    sigset_t ends;

    sigemptyset(&ends);
    sigaddset(&ends, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    confine_offer();
    polled[1] = (struct pollfd){signalfd(-1, &ends, SFD_CLOEXEC), POLLIN, 0};
    if (fcntl(WIRE_FD, F_SETFD, FD_CLOEXEC) || polled[1].fd < 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
        return 70;
    tell(WIRE_HELLO, 0, 0);
    for (;;) {
        struct signalfd_siginfo info;

        if (poll(polled, 2, -1) < 0)
            continue;
        if (polled[1].revents && read(polled[1].fd, &info, sizeof info) > 0)
            reap();
        if (polled[0].revents)
            obey();
    }
}

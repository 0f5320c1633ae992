/*
 * Starts the program: own session, cleared environment, three streams and
 * what RL_* name, nothing else.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char **environment(const struct run_options *o, bool findings,
                          bool record)
{
    size_t given = 0;
    size_t n = 0;
    char **env;

    while (o->env && o->env[given])
        given++;
    env = calloc(given + 6, sizeof *env);
    if (!env)
        return NULL;
    env[n++] = "PATH=/usr/local/bin:/usr/bin:/bin";
    env[n++] = "HOME=/nonexistent";
    env[n++] = "LANG=C.UTF-8";
    for (size_t i = 0; i < given; i++)
        env[n++] = (char *)o->env[i];
    if (findings &&
        asprintf(&env[n++], "RL_FINDINGS_FD=%d", RUN_FINDINGS_FD) < 0)
        return NULL;
    if (record && asprintf(&env[n++], "RL_RECORD_FD=%d", RUN_RECORD_FD) < 0)
        return NULL;
    return env;
}

static void limit(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit l = {soft, hard};

    setrlimit(resource, &l);
}

static void default_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_DFL);
}

/* Puts fd (-1: nothing) at number, open across exec; the rest closes there. */
static bool place(int fd, int number)
{
    return fd < 0 || dup2(fd, number) == number;
}

/* In the child; never comes back. An errno in the pipe says why. */
_Noreturn static void become(const struct run_options *o, char **env, int input,
                             const int fds[4], int report)
{
    int error;

    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    default_signals();
    limit(RLIMIT_CORE, 0, 0);
    if (o->cpu > 0)
        limit(RLIMIT_CPU, (rlim_t)o->cpu + 2, (rlim_t)o->cpu + 3);
    umask(022);
    /* The report pipe moves out of the way of the numbers used below. */
    report = fcntl(report, F_DUPFD_CLOEXEC, RUN_RECORD_FD + 1);
    if (report >= 0 && place(input, 0) && place(fds[0], 1) &&
        place(fds[1], 2) && place(fds[2], RUN_FINDINGS_FD) &&
        place(fds[3], RUN_RECORD_FD)) {
        for (int fd = 3; fd < 1024; fd++) {
            bool ours = (fd == RUN_FINDINGS_FD && fds[2] >= 0) ||
                        (fd == RUN_RECORD_FD && fds[3] >= 0);

            if (!ours)
                fcntl(fd, F_SETFD, FD_CLOEXEC);
        }
        syscall(SYS_close_range, 1024U, ~0U, 4U /* CLOEXEC */);
        execvpe(o->program[0], o->program, env);
    }
    error = errno;
    if (write(report, &error, sizeof error) < 0)
        _exit(126);
    _exit(127);
}

pid_t child_start(const struct run_options *o, struct capture *out,
                  struct capture *err, struct capture *findings, int *error)
{
    const int fds[4] = {out->write_fd, err->write_fd, findings->write_fd,
                        o->record_fd};
    char **env = environment(o, findings->write_fd >= 0, o->record_fd >= 0);
    int report[2] = {-1, -1};
    int input = open(o->input ? o->input : "/dev/null", O_RDONLY | O_CLOEXEC);
    pid_t pid = -1;

    if (!env || input < 0 || pipe2(report, O_CLOEXEC) || (pid = fork()) < 0) {
        *error = errno;
        goto out;
    }
    if (pid == 0)
        become(o, env, input, fds, report[1]);
    close(report[1]);
    report[1] = -1;
    if (read(report[0], error, sizeof *error) == (ssize_t)sizeof *error) {
        waitpid(pid, NULL, 0);
        pid = -1;
    }
out:
    free(env);
    if (input >= 0)
        close(input);
    for (int i = 0; i < 2; i++) {
        if (report[i] >= 0)
            close(report[i]);
    }
    return pid;
}

/*
 * A box without namespaces: a folder with copies of what was given and an
 * empty one to start in, and a process that confines itself.
 */
#include "inner.h"

#include "tree.h"

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

static char open_folders[16][64]; /* "": free */
static int boxes;                 /* open ones of this process */

/* Removes FOLDER whatever is in it: folders without rights, a tree deeper
 * than any path is long. Safe in a signal handler. */
static void remove_all(const char *folder)
{
    static const char script[] = "chmod -R u+rwx \"$1\"; rm -rf \"$1\"";
    static char *nothing[] = {"PATH=/usr/bin:/bin", NULL};
    char *argv[] = {"sh", "-c", (char *)script, "sh", (char *)folder, NULL};
    pid_t pid = fork();

    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);

        dup2(null, 1);
        dup2(null, 2);
        execve("/bin/sh", argv, nothing);
        _exit(127);
    }
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* Told to end, we leave no folder behind. */
static void on_end(int signal)
{
    for (size_t i = 0; i < sizeof open_folders / sizeof *open_folders; i++) {
        if (open_folders[i][0])
            remove_all(open_folders[i]);
    }
    _exit(128 + signal);
}

static void remember(const char *folder, bool is_open)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};

    for (size_t i = 0; i < sizeof open_folders / sizeof *open_folders; i++) {
        if (strcmp(open_folders[i], is_open ? "" : folder) != 0)
            continue;
        snprintf(open_folders[i], sizeof open_folders[i], "%s",
                 is_open ? folder : "");
        break;
    }
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction old;

        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            signal(signals[i], on_end);
    }
}

static bool copy(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0555);
    char bytes[65536];
    ssize_t n = -1;

    while (in >= 0 && out >= 0 && (n = read(in, bytes, sizeof bytes)) > 0) {
        if (write(out, bytes, (size_t)n) != n) {
            n = -1;
            break;
        }
    }
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return n == 0;
}

/* The folders above a file. */
static void make_folders(char *path)
{
    for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        mkdir(path, 0755);
        *at = '/';
    }
}

static bool make_scratch(struct box *b)
{
    char path[BOX_PATH];

    box_path(b, "/scratch", path);
    return mkdir(path, 0755) == 0 &&
           (b->user == (uid_t)-1 || chown(path, b->user, b->user) == 0);
}

bool direct_open(struct box *b, char *why, size_t size)
{
    const char *tmp = getenv("TMPDIR");
    mode_t mask = umask(022);
    bool opened = false;

    /* A user of its own may not enter a folder that is only ours. */
    if (!tmp || !*tmp || b->user != (uid_t)-1 ||
        strlen(tmp) > sizeof b->prefix - 20)
        tmp = "/tmp";
    snprintf(b->prefix, sizeof b->prefix, "%s/rl-box.XXXXXX", tmp);
    if (!mkdtemp(b->prefix)) {
        b->prefix[0] = '\0';
        goto out;
    }
    remember(b->prefix, true);
    boxes++;
    b->top = getpid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    opened = chmod(b->prefix, 0755) == 0 && make_scratch(b);
    for (size_t i = 0; opened && i < b->options.nfiles; i++) {
        char path[BOX_PATH];

        box_path(b, b->options.files[i].to, path);
        make_folders(path);
        opened = copy(b->options.files[i].from, path);
    }
out:
    if (!opened)
        snprintf(why, size, "no folder for the program: %s", strerror(errno));
    umask(mask);
    return opened;
}

void direct_close(struct box *b)
{
    long cpu_ms = 0;

    direct_finish(b, &cpu_ms);
    if (b->prefix[0]) {
        remove_all(b->prefix);
        remember(b->prefix, false);
        boxes--;
    }
}

/* As the first program found it. */
static void empty(struct box *b)
{
    char path[BOX_PATH];

    box_path(b, "/scratch", path);
    if (rmdir(path))
        remove_all(path);
    make_scratch(b);
}

pid_t direct_start(struct box *b, const struct box_job *job, int *error)
{
    char scratch[BOX_PATH];
    struct confine_job c = {
        .limits = job->limits,
        .argv = job->argv,
        .env = job->env,
        .nfds = job->nfds,
        .flags = CONFINE_ORPHAN | (job->fixed ? CONFINE_FIXED : 0),
        .user = b->user,
        .folder = box_path(b, "/scratch", scratch),
    };
    int report[2];
    pid_t pid;

    memcpy(c.fds, job->fds, sizeof c.fds);
    memcpy(c.numbers, job->numbers, sizeof c.numbers);
    if (b->level >= BOX_PRIVILEGES)
        c.flags |= CONFINE_PRIVILEGES;
    if (b->level >= BOX_LIMITS && !c.limits.file)
        c.limits.file = b->options.scratch;
    /* The kernel counts all that a user has: only a new one's is known. */
    if (b->user != (uid_t)-1 && !c.limits.tasks)
        c.limits.tasks = BOX_TASKS;
    empty(b);
    *error = 0;
    if (pipe2(report, O_CLOEXEC)) {
        *error = errno;
        return -1;
    }
    pid = fork();
    if (pid == 0)
        confine_become(&c, report[1]);
    if (pid < 0)
        *error = errno;
    close(report[1]);
    if (pid > 0 &&
        read(report[0], error, sizeof *error) == (ssize_t)sizeof *error) {
        waitpid(pid, NULL, 0);
        pid = -1;
    }
    close(report[0]);
    b->first = pid;
    if (pid > 0)
        b->event = (int)syscall(SYS_pidfd_open, pid, 0);
    return pid;
}

static long milliseconds(const struct rusage *u)
{
    return (u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000 +
           (u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1000;
}

bool direct_ended(struct box *b, struct box_end *end)
{
    struct rusage usage;

    if (wait4(b->first, &end->status, WNOHANG, &usage) != b->first)
        return false;
    end->cpu_ms = milliseconds(&usage);
    b->first = 0;
    return true;
}

void direct_signal(struct box *b, int signal)
{
    struct tree t = {0};

    tree_scan(&t, b->first, b->first);
    if (b->first > 0)
        kill(b->first, signal);
    for (size_t i = 0; i < t.n; i++)
        kill(t.pids[i], signal);
    tree_free(&t);
}

int direct_finish(struct box *b, long *cpu_ms)
{
    int killed = 0;

    if (b->event >= 0)
        close(b->event);
    b->event = -1;
    if (b->first > 0) {
        kill(b->first, SIGSTOP);
        killed = tree_kill(b->first, b->first, cpu_ms);
        kill(b->first, SIGKILL);
        while (waitpid(b->first, NULL, 0) < 0 && errno == EINTR)
            continue;
        b->first = 0;
        killed++;
    } else if (b->first == 0 && b->program > 0 && boxes == 1) {
        /* Of several boxes nobody knows whose an orphan is: the last to
         * close ends them. */
        killed = tree_kill(b->top, b->top, cpu_ms);
    }
    b->program = 0;
    return killed;
}

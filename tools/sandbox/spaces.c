/*
 * A box of namespaces, seen from outside: bubblewrap, in it rl-inside, and
 * the socket to it. Pids come with what those inside send: the kernel
 * translates them.
 */
#include "bwrap.h"
#include "inner.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

/* rl-inside stands beside whatever program of ours this is. */
static bool find_inside(char *path, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", path, size - 1);
    char *slash;

    if (n <= 0)
        return false;
    path[n] = '\0';
    slash = strrchr(path, '/');
    return slash &&
           (size_t)snprintf(slash, size - (size_t)(slash - path),
                            "/rl-inside") < size - (size_t)(slash - path);
}

/* The next message; false when the box is gone or says nothing for long. */
static bool next(struct box *b, pid_t *sender)
{
    struct pollfd fd = {b->socket, POLLIN, 0};
    int fds[CONFINE_FDS];
    int n;

    do
        n = poll(&fd, 1, PATIENCE_MS);
    while (n < 0 && errno == EINTR);
    return n > 0 && wire_receive(b->socket, &b->message, fds, sender, false);
}

/* One line of what bubblewrap said. */
static void take_words(int fd, char *why, size_t size)
{
    char text[400];
    ssize_t n = pread(fd, text, sizeof text - 1, 0);

    text[n > 0 ? n : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    snprintf(why, size, "%s", *text ? text : "bubblewrap says nothing");
}

bool spaces_open(struct box *b, char *why, size_t size)
{
    int pair[2] = {-1, -1};
    int words = memfd_create("words", MFD_CLOEXEC);
    int yes = 1;
    char inside[BOX_PATH];
    pid_t sender = -1;
    bool opened = false;

    if (!find_inside(inside, sizeof inside) || words < 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ||
        setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes)) {
        snprintf(why, size, "%s", strerror(errno));
        goto out;
    }
    b->socket = pair[0];
    b->first = bwrap_start(&b->options, inside, b->user, pair[1], words);
    if (b->first < 0) {
        snprintf(why, size, "%s",
                 errno == ENOENT ? "bubblewrap is not installed"
                                 : strerror(errno));
        goto out;
    }
    close(pair[1]);
    pair[1] = -1;
    opened = next(b, &sender) && b->message.type == WIRE_HELLO && sender > 0;
    b->top = sender;
    if (!opened)
        take_words(words, why, size);
out:
    if (words >= 0)
        close(words);
    if (pair[1] >= 0)
        close(pair[1]);
    return opened;
}

/* Bubblewrap waits for the first process; left alone it does so with all CPU
 * times, which ours then include. */
void spaces_close(struct box *b)
{
    int fd;

    if (b->socket >= 0)
        close(b->socket);
    if (b->first <= 0)
        return;
    /* The first process of a namespace takes all others with it. */
    if (b->top > 0) {
        kill(b->top, SIGKILL);
        fd = (int)syscall(SYS_pidfd_open, b->first, 0);
        if (fd >= 0) {
            struct pollfd polled = {fd, POLLIN, 0};

            poll(&polled, 1, PATIENCE_MS);
            close(fd);
        }
    }
    kill(b->first, SIGKILL);
    while (waitpid(b->first, NULL, 0) < 0 && errno == EINTR)
        continue;
}

static bool fill(struct box *b, const struct box_job *job)
{
    struct wire *m = &b->message;

    memset(m, 0, offsetof(struct wire, text));
    m->type = WIRE_START;
    m->limits = job->limits;
    m->fixed = job->fixed;
    m->scratch = b->options.scratch;
    for (size_t i = 0; i < b->options.nfolders; i++)
        m->tmp_is_read |= strncmp(b->options.folders[i], "/tmp/", 5) == 0;
    if (!m->limits.tasks)
        m->limits.tasks = BOX_TASKS;
    if (!m->limits.file)
        m->limits.file = b->options.scratch;
    m->nfds = (uint32_t)job->nfds;
    for (size_t i = 0; i < job->nfds; i++)
        m->numbers[i] = job->numbers[i];
    for (; job->argv[m->nargs]; m->nargs++) {
        if (!wire_add(m, job->argv[m->nargs]))
            return false;
    }
    for (; job->env && job->env[m->nenv]; m->nenv++) {
        if (!wire_add(m, job->env[m->nenv]))
            return false;
    }
    return true;
}

pid_t spaces_start(struct box *b, const struct box_job *job, int *error)
{
    pid_t pid = -1;
    pid_t sender;

    *error = E2BIG;
    if (!fill(b, job))
        return -1;
    *error = EPIPE;
    b->over = false;
    if (!wire_send(b->socket, &b->message, job->fds))
        return -1;
    while (next(b, &sender)) {
        switch (b->message.type) {
        case WIRE_SELF:
            pid = sender;
            break;
        case WIRE_ENDED: /* so soon that it came first: cannot be */
            return -1;
        case WIRE_STARTED:
            return pid;
        case WIRE_FAILED:
            *error = b->message.value;
            return -1;
        }
    }
    return -1;
}

/* The box can only be gone if somebody has ended it. */
bool spaces_ended(struct box *b, struct box_end *end)
{
    int fds[CONFINE_FDS];
    pid_t sender;

    if (!wire_receive(b->socket, &b->message, fds, &sender, false)) {
        if (errno == EAGAIN)
            return false;
        *end = (struct box_end){.status = SIGKILL, .cpu_ms = 0};
        return true;
    }
    if (b->message.type != WIRE_ENDED)
        return false;
    end->status = b->message.value;
    end->cpu_ms = (long)b->message.cpu_ms - b->told_ms;
    b->told_ms = (long)b->message.cpu_ms;
    return true;
}

static bool say(struct box *b, enum wire_type type, int value)
{
    memset(&b->message, 0, offsetof(struct wire, text));
    b->message.type = type;
    b->message.value = value;
    return wire_send(b->socket, &b->message, NULL);
}

void spaces_signal(struct box *b, int signal)
{
    say(b, WIRE_SIGNAL, signal);
}

int spaces_finish(struct box *b, long *cpu_ms)
{
    pid_t sender;

    if (!say(b, WIRE_FINISH, 0))
        return 0;
    while (next(b, &sender)) {
        if (b->message.type == WIRE_ENDED)
            continue;
        if (b->message.type != WIRE_FINISHED)
            break;
        *cpu_ms += (long)b->message.cpu_ms - b->told_ms;
        b->told_ms = (long)b->message.cpu_ms;
        return b->message.value;
    }
    /* It does not answer: end it the hard way. */
    kill(b->top, SIGKILL);
    return 0;
}

/*
 * See tree.h. The kernel lists the children of a thread where it was built
 * to; elsewhere all of /proc is read.
 */
#include "tree.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct process {
    pid_t pid, parent;
    long cpu_ms, ended_ms, memory_kib, tasks;
    bool dead, below;
};

static long in_ms(long clock_ticks)
{
    return clock_ticks * 1000 / sysconf(_SC_CLK_TCK);
}

static bool read_process(pid_t pid, struct process *p)
{
    char path[64];
    char text[1024];
    char *after;
    unsigned long user, system;
    long user_ended, system_ended, pages, tasks;
    int parent;
    char state;
    int fd;
    ssize_t n;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    /* The name in brackets may hold anything, so start at its end. */
    after = strrchr(text, ')');
    if (!after ||
        sscanf(after + 1,
               " %c %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu %ld %ld "
               "%*s %*s %ld %*s %*s %*s %ld",
               &state, &parent, &user, &system, &user_ended, &system_ended,
               &tasks, &pages) != 8)
        return false;
    *p = (struct process){
        .pid = pid,
        .parent = parent,
        .cpu_ms = in_ms((long)(user + system) + user_ended + system_ended),
        .ended_ms = in_ms(user_ended + system_ended),
        .memory_kib = pages * (sysconf(_SC_PAGESIZE) / 1024),
        .tasks = tasks,
        .dead = state == 'Z' || state == 'X',
    };
    return true;
}

long tree_ended_ms(pid_t pid)
{
    struct process p;

    return read_process(pid, &p) ? p.ended_ms : 0;
}

static struct process *all_processes(size_t *n)
{
    struct process *list = NULL;
    size_t room = 0;
    DIR *proc = opendir("/proc");
    struct dirent *entry;

    *n = 0;
    if (!proc)
        return NULL;
    while ((entry = readdir(proc))) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        if (*n == room) {
            void *more =
                reallocarray(list, room = room ? 2 * room : 256, sizeof *list);

            if (!more)
                break;
            list = more;
        }
        if (read_process(atoi(entry->d_name), &list[*n]))
            ++*n;
    }
    closedir(proc);
    return list;
}

static void add(struct tree *t, const struct process *p)
{
    t->cpu_ms += p->cpu_ms;
    t->memory_kib += p->memory_kib;
    t->tasks += (size_t)p->tasks;
    if (p->dead)
        return;
    if (t->n == t->room) {
        void *more = reallocarray(t->pids, t->room = t->room ? 2 * t->room : 8,
                                  sizeof *t->pids);

        if (!more)
            return;
        t->pids = more;
    }
    t->pids[t->n++] = p->pid;
}

static bool scan_all(struct tree *t, pid_t top)
{
    size_t n;
    struct process *list = all_processes(&n);
    bool more = true;

    while (more) {
        more = false;
        for (size_t i = 0; i < n; i++) {
            struct process *p = &list[i];
            bool below = p->parent == top;

            for (size_t k = 0; !below && k < n; k++)
                below = list[k].below && list[k].pid == p->parent;
            if (p->below || !below)
                continue;
            p->below = true;
            more = true;
            add(t, p);
        }
    }
    free(list);
    return n > 0;
}

pid_t tree_child(pid_t parent)
{
    size_t n;
    struct process *list = all_processes(&n);
    pid_t child = -1;

    for (size_t i = 0; i < n && child < 0; i++) {
        if (list[i].parent == parent && !list[i].dead)
            child = list[i].pid;
    }
    free(list);
    return child;
}

bool tree_scan(struct tree *t, pid_t top, pid_t root)
{
    t->n = t->tasks = 0;
    t->cpu_ms = t->memory_kib = 0;
    if (scan_all(t, top))
        return true;
    add(t, &(struct process){.pid = root, .tasks = 1});
    return false;
}

void tree_free(struct tree *t)
{
    free(t->pids);
    *t = (struct tree){0};
}

static void reap(long *cpu_ms)
{
    struct rusage usage;

    while (wait4(-1, NULL, WNOHANG, &usage) > 0) {
        *cpu_ms += usage.ru_utime.tv_sec * 1000 +
                   usage.ru_utime.tv_usec / 1000 +
                   usage.ru_stime.tv_sec * 1000 + usage.ru_stime.tv_usec / 1000;
    }
}

/* Stopped first, then killed: a program that forks faster than we kill
 * stands still while the others are found. */
int tree_kill(pid_t top, pid_t root, long *cpu_ms)
{
    const struct timespec tick = {0, 1000000};
    struct tree t = {0};
    int killed = 0;

    reap(cpu_ms);
    for (int round = 0; round < 2000; round++) {
        bool known = tree_scan(&t, top, root);

        if (t.n == 0 || (!known && kill(root, 0)))
            break;
        if (round == 0)
            killed = (int)t.n;
        for (size_t i = 0; i < t.n; i++)
            kill(t.pids[i], SIGSTOP);
        for (size_t i = 0; i < t.n; i++)
            kill(t.pids[i], SIGKILL);
        nanosleep(&tick, NULL);
        reap(cpu_ms);
    }
    reap(cpu_ms);
    tree_free(&t);
    return killed;
}

/*
 * The processes below this one. It is a subreaper, so a program that forks
 * twice to get away still hangs below it.
 */
#include "run.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
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
    long cpu_ms, memory_kib;
    bool dead, below;
};

static bool read_process(pid_t pid, struct process *p)
{
    char path[64];
    char text[1024];
    char *after;
    unsigned long user, system;
    long pages;
    int parent;
    char state;
    FILE *f;
    size_t n;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    f = fopen(path, "re");
    if (!f)
        return false;
    n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    /* The name in brackets may hold anything, so start at its end. */
    after = strrchr(text, ')');
    if (!after || sscanf(after + 1,
                         " %c %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu "
                         "%*s %*s %*s %*s %*s %*s %*s %*s %ld",
                         &state, &parent, &user, &system, &pages) != 5)
        return false;
    *p = (struct process){
        .pid = pid,
        .parent = parent,
        .cpu_ms = (long)(user + system) * 1000 / sysconf(_SC_CLK_TCK),
        .memory_kib = pages * (sysconf(_SC_PAGESIZE) / 1024),
        .dead = state == 'Z' || state == 'X',
    };
    return true;
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

static void add(struct tree *t, pid_t pid)
{
    if (t->n == t->room) {
        void *more = reallocarray(t->pids, t->room = t->room ? 2 * t->room : 8,
                                  sizeof *t->pids);

        if (!more)
            return;
        t->pids = more;
    }
    t->pids[t->n++] = pid;
}

bool tree_scan(struct tree *t, pid_t root)
{
    size_t n;
    struct process *list = all_processes(&n);
    pid_t me = getpid();
    bool more = true;

    t->n = 0;
    t->cpu_ms = t->memory_kib = 0;
    while (more) {
        more = false;
        for (size_t i = 0; i < n; i++) {
            struct process *p = &list[i];
            bool below = p->parent == me;

            for (size_t k = 0; !below && k < n; k++)
                below = list[k].below && list[k].pid == p->parent;
            if (p->below || !below)
                continue;
            p->below = true;
            more = true;
            t->cpu_ms += p->cpu_ms;
            t->memory_kib += p->memory_kib;
            if (!p->dead)
                add(t, p->pid);
        }
    }
    free(list);
    if (n == 0)
        add(t, root);
    return n > 0;
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
int tree_kill(pid_t root, long *cpu_ms)
{
    const struct timespec tick = {0, 1000000};
    struct tree t = {0};
    int killed = 0;

    kill(-root, SIGKILL);
    reap(cpu_ms);
    for (int round = 0; round < 2000; round++) {
        bool known = tree_scan(&t, root);

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

/*
 * The loop: take output, reap, hold to the limits, look for a standstill;
 * then end the program and everything it started.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FINDINGS_LIMIT (8L << 20)
#define GRACE_MS 5000 /* for a tool to write its report after SIGTERM */
#define TICK_MS 20

struct run {
    const struct run_options *o;
    struct run_result *result;
    struct capture out, err, findings;
    struct watch *watch;
    struct tree tree;
    pid_t root;
    int pidfd; /* -1: the kernel has none, poll by time */
    long started_ms, scanned_ms;
    bool ended; /* root has been reaped */
    int status;
    bool refused; /* /proc does not tell, or we must not ask */
};

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool take(struct run *r)
{
    bool out = capture_take(&r->out);
    bool err = capture_take(&r->err);

    capture_take(&r->findings);
    return out || err;
}

/* Until something is to be read, the program ends, or a tick is over. */
static void wait_a_tick(struct run *r)
{
    struct capture *captures[] = {&r->out, &r->err, &r->findings};
    struct pollfd fds[4];
    nfds_t n = 0;

    for (size_t i = 0; i < 3; i++) {
        if (captures[i]->open)
            fds[n++] = (struct pollfd){captures[i]->read_fd, POLLIN, 0};
    }
    if (r->pidfd >= 0)
        fds[n++] = (struct pollfd){r->pidfd, POLLIN, 0};
    poll(fds, n, TICK_MS);
}

static void reap(struct run *r)
{
    struct rusage usage;
    int status;
    pid_t pid;

    while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
        r->result->cpu_ms +=
            usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000 +
            usage.ru_stime.tv_sec * 1000 + usage.ru_stime.tv_usec / 1000;
        if (pid == r->root) {
            r->ended = true;
            r->status = status;
        }
    }
}

/* SIGTERM and a grace, so that a tool can finish its report. */
static void terminate(struct run *r)
{
    long until = now_ms() + GRACE_MS;

    tree_scan(&r->tree, r->root);
    for (size_t i = 0; i < r->tree.n; i++)
        kill(r->tree.pids[i], SIGTERM);
    while (!r->ended && now_ms() < until) {
        wait_a_tick(r);
        take(r);
        reap(r);
    }
}

static bool over_limit(struct run *r, enum run_end *end)
{
    const struct run_options *o = r->o;
    long now = now_ms();

    if (r->out.full || r->err.full) {
        *end = RUN_OUTPUT;
        return true;
    }
    if (o->wall > 0 && now - r->started_ms >= (long)(o->wall * 1000)) {
        *end = RUN_TIMEOUT;
        return true;
    }
    tree_scan(&r->tree, r->root);
    if (o->memory > 0 && r->tree.memory_kib > o->memory * 1024) {
        *end = RUN_MEMORY;
        return true;
    }
    if (o->cpu > 0 &&
        r->tree.cpu_ms + r->result->cpu_ms >= (long)(o->cpu * 1000)) {
        *end = RUN_CPU;
        return true;
    }
    return false;
}

static bool stands_still(struct run *r)
{
    enum watch_look look;

    if (!r->refused) {
        look = watch_look(r->watch, &r->tree, r->o->record);
        if (look != WATCH_REFUSED)
            return look == WATCH_STILL;
        r->refused = true;
    }
    if (!r->o->record)
        return false;
    look = watch_record(r->watch, r->root, r->o->record);
    r->result->by_record = look == WATCH_STILL;
    return look == WATCH_STILL;
}

/* Until the program has ended by itself (true) or must be ended (*end). */
static bool run_on(struct run *r, enum run_end *end)
{
    for (;;) {
        bool came;

        wait_a_tick(r);
        came = take(r);
        reap(r);
        if (r->ended)
            return true;
        if (now_ms() - r->scanned_ms < TICK_MS && !r->out.full && !r->err.full)
            continue; /* woken by output: limits once a tick will do */
        r->scanned_ms = now_ms();
        if (over_limit(r, end))
            return false;
        if (!came && stands_still(r)) {
            *end = RUN_STANDSTILL;
            return false;
        }
    }
}

static void finish(struct run *r)
{
    r->result->left_over = tree_kill(r->root, &r->result->cpu_ms);
    while (take(r))
        ;
}

static void judge_status(struct run *r)
{
    struct run_result *result = r->result;

    if (WIFSIGNALED(r->status)) {
        result->end = RUN_SIGNAL;
        result->signal = WTERMSIG(r->status);
        if (result->signal == SIGXCPU && r->o->cpu > 0)
            result->end = RUN_CPU;
    } else {
        result->end = RUN_EXIT;
        result->code = WEXITSTATUS(r->status);
    }
    if (r->out.full || r->err.full)
        result->end = RUN_OUTPUT;
}

static bool open_captures(struct run *r)
{
    const struct run_options *o = r->o;

    if (capture_open(&r->out, o->out, o->output) ||
        capture_open(&r->err, o->err, o->output))
        return false;
    return !o->findings ||
           capture_open(&r->findings, o->findings, FINDINGS_LIMIT) == 0;
}

static void close_write_ends(struct run *r)
{
    struct capture *captures[] = {&r->out, &r->err, &r->findings};

    for (size_t i = 0; i < 3; i++) {
        if (captures[i]->write_fd >= 0)
            close(captures[i]->write_fd);
        captures[i]->write_fd = -1;
    }
}

static void watch_over(struct run *r)
{
    struct run_result *result = r->result;

    r->refused = r->o->no_proc;
    if (run_on(r, &result->end)) {
        judge_status(r);
    } else {
        /* What it waits for is read before anything disturbs it. */
        if (r->o->record && result->end != RUN_OUTPUT &&
            result->end != RUN_MEMORY)
            diagnose_waits(r->o->record, r->o->symbols,
                           result->end == RUN_STANDSTILL, result->findings);
        if (result->end != RUN_OUTPUT && result->end != RUN_MEMORY)
            terminate(r);
    }
    result->wall_ms = now_ms() - r->started_ms;
    finish(r);
}

int supervise(const struct run_options *o, struct run_result *result)
{
    struct run r = {.o = o, .result = result, .pidfd = -1};
    int error = 0;

    r.out = r.err = r.findings =
        (struct capture){.read_fd = -1, .write_fd = -1, .file = -1};
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    r.watch = watch_new();
    if (!r.watch || !open_captures(&r)) {
        result->problem = strerror(errno);
        goto out;
    }
    r.started_ms = now_ms();
    r.root = child_start(o, &r.out, &r.err, &r.findings, &error);
    close_write_ends(&r);
    if (r.root < 0) {
        result->end = RUN_NOSTART;
        result->code = error;
        goto out;
    }
    r.pidfd = (int)syscall(SYS_pidfd_open, r.root, 0);
    watch_over(&r);
    if (r.pidfd >= 0)
        close(r.pidfd);
out:
    capture_close(&r.out);
    capture_close(&r.err);
    capture_close(&r.findings);
    tree_free(&r.tree);
    watch_free(r.watch);
    return result->problem ? -1 : 0;
}

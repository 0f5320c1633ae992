/*
 * The loop: take output, reap, hold to the limits, look for a standstill;
 * then end the program and everything it started.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FINDINGS_LIMIT (8L << 20)
#define GRACE_MS 5000 /* for a tool to write its report after SIGTERM */
#define TICK_MS 20
#define TASKS                                                                  \
    2048 /* processes and threads, where the kernel's limit is none            \
          */

struct run {
    const struct run_options *o;
    struct run_result *result;
    struct capture out, err, findings;
    struct watch *watch;
    struct tree tree;
    pid_t root;
    long started_ms, scanned_ms;
    long before_ms; /* CPU time of what stands around the program */
    bool ended;     /* root has been reaped */
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
    if (box_event(r->o->box) >= 0)
        fds[n++] = (struct pollfd){box_event(r->o->box), POLLIN, 0};
    poll(fds, n, TICK_MS);
}

static void reap(struct run *r)
{
    struct box_end end;

    if (!r->ended && box_ended(r->o->box, &end)) {
        r->ended = true;
        r->status = end.status;
        r->result->cpu_ms += end.cpu_ms;
    }
}

/* SIGTERM and a grace, so that a tool can finish its report. */
static void terminate(struct run *r)
{
    long until = now_ms() + GRACE_MS;

    box_signal(r->o->box, SIGTERM);
    while (!r->ended && now_ms() < until) {
        wait_a_tick(r);
        take(r);
        reap(r);
    }
}

static void scan(struct run *r)
{
    tree_scan(&r->tree, box_top(r->o->box), r->root);
    r->scanned_ms = now_ms();
}

static bool floods(const struct run *r)
{
    return r->out.full || (r->err.full && !r->o->errors);
}

/* Of all that lives, and of what has ended below it. */
static long used_ms(const struct run *r)
{
    return r->tree.cpu_ms + tree_ended_ms(box_top(r->o->box)) - r->before_ms;
}

static bool over_limit(struct run *r, enum run_end *end)
{
    const struct run_options *o = r->o;
    long now = now_ms();

    if (floods(r)) {
        *end = RUN_OUTPUT;
        return true;
    }
    if (o->wall > 0 && now - r->started_ms >= (long)(o->wall * 1000)) {
        *end = RUN_TIMEOUT;
        return true;
    }
    scan(r);
    if (o->memory > 0 && r->tree.memory_kib > o->memory * 1024) {
        *end = RUN_MEMORY;
        return true;
    }
    if (o->cpu > 0 && used_ms(r) >= (long)(o->cpu * 1000)) {
        *end = RUN_CPU;
        return true;
    }
    if (r->tree.tasks > TASKS) {
        *end = RUN_TASKS;
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
        if (now_ms() - r->scanned_ms < TICK_MS && !floods(r))
            continue; /* woken by output: limits once a tick will do */
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
    r->result->left_over = box_finish(r->o->box, &r->result->cpu_ms);
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
    if (floods(r))
        result->end = RUN_OUTPUT;
}

static bool open_captures(struct run *r)
{
    const struct run_options *o = r->o;

    if (capture_open(&r->out, o->out, o->output) ||
        capture_open(&r->err, o->err, o->errors ? o->errors : o->output))
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
        bool grace = result->end != RUN_OUTPUT && result->end != RUN_MEMORY &&
                     result->end != RUN_TASKS;

        if (r->o->record && grace)
            diagnose_waits(r->o->record, r->o->symbols,
                           result->end == RUN_STANDSTILL, result->findings);
        if (grace)
            terminate(r);
    }
    result->wall_ms = now_ms() - r->started_ms;
    finish(r);
}

/* The environment that the program starts with; NULL at the end. */
static char **environment(const struct run *r)
{
    static char findings[32], record[32];
    const struct run_options *o = r->o;
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
    snprintf(findings, sizeof findings, "RL_FINDINGS_FD=%d", RUN_FINDINGS_FD);
    if (r->findings.write_fd >= 0)
        env[n++] = findings;
    snprintf(record, sizeof record, "RL_RECORD_FD=%d", RUN_RECORD_FD);
    if (o->record_fd >= 0)
        env[n++] = record;
    return env;
}

static void give(struct box_job *job, int fd, int number)
{
    if (fd >= 0) {
        job->fds[job->nfds] = fd;
        job->numbers[job->nfds++] = number;
    }
}

/* An errno, or 0. */
static int start(struct run *r)
{
    const struct run_options *o = r->o;
    struct box_job job = {.argv = o->program, .limits = o->limits};
    int input = open(o->input ? o->input : "/dev/null", O_RDONLY | O_CLOEXEC);
    int error = 0;

    job.env = environment(r);
    if (o->cpu > 0)
        job.limits.cpu = (int64_t)o->cpu;
    if (input < 0 || !job.env)
        error = errno;
    give(&job, input, 0);
    give(&job, r->out.write_fd, 1);
    give(&job, r->err.write_fd, 2);
    give(&job, r->findings.write_fd, RUN_FINDINGS_FD);
    give(&job, o->record_fd, RUN_RECORD_FD);
    if (!error)
        r->root = box_start(o->box, &job, &error);
    if (input >= 0)
        close(input);
    free(job.env);
    return r->root > 0 ? 0 : error;
}

int supervise(const struct run_options *o, struct run_result *result)
{
    struct run r = {.o = o, .result = result, .root = -1};
    int error;

    r.out = r.err = r.findings =
        (struct capture){.read_fd = -1, .write_fd = -1, .file = -1};
    r.watch = watch_new();
    if (!r.watch || !open_captures(&r)) {
        result->problem = strerror(errno);
        goto out;
    }
    r.started_ms = now_ms();
    r.before_ms = tree_ended_ms(box_top(o->box));
    error = start(&r);
    close_write_ends(&r);
    if (error == EPIPE) {
        result->problem = "the sandbox has ended";
    } else if (error) {
        result->end = RUN_NOSTART;
        result->code = error;
    } else {
        watch_over(&r);
    }
out:
    capture_close(&r.out);
    capture_close(&r.err);
    capture_close(&r.findings);
    tree_free(&r.tree);
    watch_free(r.watch);
    return result->problem ? -1 : 0;
}

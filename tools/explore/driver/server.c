/*
 * Starts the program, hands it jobs through shared memory and watches each
 * run from outside: one that sits in the kernel is named and ended.
 */
#include "server.h"
#include "../../sandbox/box.h"
#include "../../sandbox/empty.h"
#include "../../sandbox/tree.h"
#include "../rt/hb.h"
#include "cpus.h"
#include "sane.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOK_MS = 250,
    LOOKS_STUCK = 4,
    LOOKS_ENDED = 12, /* after a run was ended: then so is the server */
    LOST_MOST = 8,
    START_MS = 20000, /* for what runs before main */
    OUTPUT_CAP = 4 << 20,
    FILES = 4,
    DATA_MOST = 14 << 10,  /* MiB of a process, most of it never touched */
    MEMORY_MOST = 2 << 20, /* KiB, of a run */
};

struct server {
    struct rx_shm *shm;
    size_t shm_size;
    size_t share_at, frozen_at; /* in shm, which only the program believes */
    const struct server_options *options;
    char binary[PATH_MAX];
    int lost; /* how often it had to be started again */
    struct box *box;
    pid_t pid;     /* of the program; 0: it is dead */
    int fd[FILES]; /* RX_FD_SHM .. RX_FD_STDERR */
    int came;      /* the other end of RX_FD_CAME */
    int scratch;   /* the folder where it runs; -1: not to be seen */
    struct timespec scratch_time;
    int wall_s;
    uint32_t seen; /* done_seq when the run began */
    char *out, *err;
};

/* Every run starts in an empty folder. */
static void empty_scratch(struct server *s)
{
    struct stat st;

    if (s->scratch < 0 || fstat(s->scratch, &st))
        return;
    if (st.st_mtim.tv_sec == s->scratch_time.tv_sec &&
        st.st_mtim.tv_nsec == s->scratch_time.tv_nsec)
        return;
    empty_folder(s->scratch);
    if (!fstat(s->scratch, &st))
        s->scratch_time = st.st_mtim;
}

static int copy_of(const char *file, const char *name)
{
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING), from;
    char buf[65536];
    ssize_t n;

    if (fd < 0 || !file)
        return fd;
    from = open(file, O_RDONLY | O_CLOEXEC);
    if (from < 0) {
        fprintf(stderr, "rl-explore: %s: %s\n", file, strerror(errno));
        close(fd);
        return -1;
    }
    while ((n = read(from, buf, sizeof buf)) > 0)
        if (write(fd, buf, (size_t)n) != n)
            break;
    close(from);
    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW);
    return fd;
}

static size_t page_up(size_t n)
{
    return (n + 4095) / 4096 * 4096;
}

static bool make_shm(struct server *s)
{
    size_t world = page_up(sizeof *s->shm + rl_world_bytes(RX_MAX_OBJECTS));
    size_t share = page_up(hb_share_size());
    int fd = memfd_create("rl-explore", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    s->shm_size = world + 2 * share;
    if (fd < 0 || ftruncate(fd, (off_t)s->shm_size))
        return false;
    /* A program that cuts it would end us. */
    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    s->fd[0] = fd;
    s->shm = mmap(NULL, s->shm_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (s->shm == MAP_FAILED)
        return false;
    s->share_at = world;
    s->frozen_at = world + share;
    return true;
}

static bool make_files(struct server *s, const struct server_options *o)
{
    s->fd[1] = copy_of(o->stdin_file, "stdin");
    s->fd[2] = memfd_create("stdout", MFD_CLOEXEC);
    s->fd[3] = memfd_create("stderr", MFD_CLOEXEC);
    for (int i = 1; i < FILES; i++)
        if (s->fd[i] < 0)
            return false;
    return true;
}

static bool make_box(struct server *s, const char *binary, bool outside)
{
    struct box_options o = {
        .files = {{binary, "/unit/program"}}, .nfiles = 1, .outside = outside};
    char why[300];

    s->box = box_open(&o, why, sizeof why);
    if (!s->box)
        fprintf(stderr, "rl-explore: no sandbox: %s\n", why);
    return s->box;
}

/* What is printed before main is nobody's output: it happens once. */
static bool start_program(struct server *s, const struct server_options *o)
{
    /* Symbols are looked up once, not in every run. */
    static char *env[] = {"PATH=/usr/bin:/bin", "HOME=/nonexistent",
                          "LANG=C.UTF-8", "LD_BIND_NOW=1", NULL};
    char program[BOX_PATH];
    char *argv[1024];
    struct box_job job = {.argv = argv, .env = env, .fixed = true};
    int n = 0, null = open("/dev/null", O_RDWR | O_CLOEXEC), error = errno;
    int told[2];

    if (box_is(s->box) != BOX_OFF)
        job.limits.data = DATA_MOST;
    argv[n++] = box_path(s->box, "/unit/program", program);
    for (int i = 0; o->args && o->args[i] && n < 1023; i++)
        argv[n++] = o->args[i];
    argv[n] = NULL;
    for (int i = 0; i < 3; i++) {
        job.fds[job.nfds] = null;
        job.numbers[job.nfds++] = i;
    }
    for (int i = 0; i < FILES; i++) {
        job.fds[job.nfds] = s->fd[i];
        job.numbers[job.nfds++] = RX_FD_SHM + i;
    }
    if (null >= 0 && pipe2(told, O_CLOEXEC | O_NONBLOCK) == 0) {
        s->came = told[0];
        job.fds[job.nfds] = told[1];
        job.numbers[job.nfds++] = RX_FD_CAME;
        s->pid = box_start(s->box, &job, &error);
        close(told[1]);
    }
    close(null);
    if (s->pid > 0)
        return true;
    fprintf(stderr, "rl-explore: the program does not start: %s\n",
            strerror(error));
    return false;
}

/* Waits until done_seq is no longer `seen`; false when `ms` have passed. */
static bool wait_done(struct server *s, uint32_t seen, long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    if (s->shm->done_seq != seen)
        return true;
    syscall(SYS_futex, &s->shm->done_seq, FUTEX_WAIT, seen, &t, NULL, 0);
    return s->shm->done_seq != seen;
}

/* What a program did that never came to its main. */
static struct server_early early;

/* What went wrong before any code of the program's ran is ours. */
static void never_came(int status)
{
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

    early.kind = NULL;
    if (code == RX_OTHER_VERSION)
        snprintf(early.words, sizeof early.words,
                 "this program was built for another version of it");
    else if (code == RX_NO_ROOM)
        snprintf(early.words, sizeof early.words, "no memory for a run");
    else if (code >= 0)
        snprintf(early.words, sizeof early.words,
                 "the program is not loaded (exit code %d)", code);
    else
        snprintf(early.words, sizeof early.words,
                 "the program is not loaded: %s", strsignal(WTERMSIG(status)));
}

static void ended_early(const struct server *s, int status)
{
    early.kind = "crash";
    if (WIFSIGNALED(status)) {
        snprintf(early.words, sizeof early.words,
                 "The program died before main: %s.",
                 strsignal(WTERMSIG(status)));
    } else if (s->shm->early == RX_EARLY_CALL) {
        snprintf(early.words, sizeof early.words,
                 "Before main, in a constructor, the program calls what "
                 "cannot be followed there.");
    } else if (s->shm->early == RX_EARLY_FILES) {
        early.kind = "api-misuse";
        snprintf(early.words, sizeof early.words,
                 "Before main the program closes or exchanges descriptors "
                 "that it did not open.");
    } else {
        early.kind = "exit-code";
        snprintf(early.words, sizeof early.words,
                 "The program ended before main, with exit code %d.",
                 WEXITSTATUS(status));
    }
}

static bool came(const struct server *s)
{
    char byte;

    return read(s->came, &byte, 1) == 1;
}

static bool died(struct server *s)
{
    struct box_end end;

    if (s->pid <= 0)
        return true;
    if (!box_ended(s->box, &end))
        return false;
    s->pid = 0;
    if (s->shm->ready)
        return true;
    if (came(s))
        ended_early(s, end.status);
    else
        never_came(end.status);
    return true;
}

/* Up to where it waits for jobs. */
static bool bring_up(struct server *s)
{
    int looks = 0;
    cpu_set_t before;
    bool started;

    s->shm->version = RX_VERSION;
    s->shm->ready = 0;
    s->shm->early = RX_EARLY_NONE;
    s->shm->share_at = s->share_at;
    s->shm->frozen_at = s->frozen_at;
    s->shm->job_seq = s->shm->done_seq = 0;
    if (!make_box(s, s->binary, s->options->outside))
        return false;
    cpus_pin(s->options->cpu, &before);
    started = start_program(s, s->options);
    if (s->options->apart)
        cpus_give_back(&before);
    if (!started)
        return false;
    while (!s->shm->ready) {
        wait_done(s, 0, LOOK_MS);
        if (!s->shm->ready && died(s))
            return false;
        if (!s->shm->ready && ++looks * LOOK_MS > START_MS) {
            early.kind = "hang";
            snprintf(early.words, sizeof early.words,
                     "The program does not come to its main.");
            return false;
        }
    }
    s->scratch = box_scratch(s->box);
    s->scratch_time = (struct timespec){0};
    return true;
}

struct server *server_start(const struct server_options *o)
{
    struct server *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->scratch = s->came = -1;
    s->options = o;
    for (int i = 0; i < FILES; i++)
        s->fd[i] = -1;
    s->wall_s = o->wall_s > 0 ? o->wall_s : 60;
    if (!realpath(o->binary, s->binary)) {
        fprintf(stderr, "rl-explore: %s: %s\n", o->binary, strerror(errno));
        goto fail;
    }
    if (!make_shm(s) || !make_files(s, o)) {
        fprintf(stderr, "rl-explore: cannot set up a run: %s\n",
                strerror(errno));
        goto fail;
    }
    if (bring_up(s))
        return s;
fail:
    if (*early.words)
        fprintf(stderr, "rl-explore: %s\n", early.words);
    server_stop(s);
    return NULL;
}

const struct server_early *server_early(void)
{
    return early.kind ? &early : NULL;
}

void server_stop(struct server *s)
{
    if (!s)
        return;
    box_close(s->box);
    if (s->came >= 0)
        close(s->came);
    for (int i = 0; i < FILES; i++)
        if (s->fd[i] >= 0)
            close(s->fd[i]);
    if (s->shm && s->shm != MAP_FAILED)
        munmap(s->shm, s->shm_size);
    free(s->out);
    free(s->err);
    free(s);
}

static void name_call(long nr, char *name, size_t size)
{
    static const struct {
        long nr;
        const char *name;
    } calls[] = {
        {SYS_read, "read"},       {SYS_write, "write"},
        {SYS_readv, "readv"},     {SYS_writev, "writev"},
        {SYS_accept, "accept"},   {SYS_connect, "connect"},
        {SYS_recvfrom, "recv"},   {SYS_sendto, "send"},
        {SYS_recvmsg, "recvmsg"}, {SYS_wait4, "wait"},
        {SYS_openat, "open"},     {SYS_clock_nanosleep, "sleep"},
    };

    snprintf(name, size, "system call %ld", nr);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].nr == nr)
            snprintf(name, size, "%s", calls[i].name);
}

/* Name of the system call that some thread of the run waits in, futexes
 * aside (those are our own). NULL while any thread can run. */
static const char *stuck_in(pid_t pid, char *name, size_t size)
{
    char path[300], line[200];
    const char *answer = NULL;
    struct dirent *d;
    DIR *tasks;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    tasks = opendir(path);
    if (!tasks)
        return NULL;
    while ((d = readdir(tasks))) {
        FILE *f;
        long nr = -1;

        if (d->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/syscall", (int)pid,
                 d->d_name);
        f = fopen(path, "r");
        if (!f || !fgets(line, sizeof line, f) || sscanf(line, "%ld", &nr) != 1)
            nr = -2; /* "running", or not to be seen */
        if (f)
            fclose(f);
        if (nr == -2) {
            answer = NULL;
            break;
        }
        if (nr != SYS_futex) {
            name_call(nr, name, size);
            answer = name;
        }
    }
    closedir(tasks);
    return answer;
}

/* What the program says of its own pids is never believed. */
static void end_run(struct server *s, enum rx_end end, const char *what)
{
    struct rx_result *r = &s->shm->result;
    struct tree t = {0};

    r->end = end;
    snprintf(r->what, sizeof r->what, "%s", what ? what : "");
    tree_scan(&t, s->pid, s->pid);
    for (size_t i = 0; i < t.n; i++)
        if (t.pids[i] != s->pid)
            kill(t.pids[i], SIGKILL);
    tree_free(&t);
}

static bool too_big(const struct server *s)
{
    struct tree t = {0};
    bool big;

    if (box_is(s->box) == BOX_OFF)
        return false;
    tree_scan(&t, s->pid, s->pid);
    big = t.memory_kib > MEMORY_MOST;
    tree_free(&t);
    return big;
}

/* Looks at a run that takes long: does it still move? False when the server
 * is dead, or does not come back from a run that was ended. */
static bool watch(struct server *s, uint32_t seen)
{
    uint32_t progress = s->shm->progress;
    int looks = 0, stuck = 0, ended = 0;
    char name[40];

    while (!wait_done(s, seen, LOOK_MS)) {
        const char *call = stuck_in(tree_child(s->pid), name, sizeof name);

        if (s->shm->progress == progress && call)
            stuck++;
        else
            stuck = 0;
        progress = s->shm->progress;
        if (stuck >= LOOKS_STUCK) {
            end_run(s, RX_END_BLOCKED, name);
            ended++;
        } else if (too_big(s)) {
            end_run(s, RX_END_CRASH, "it took more memory than it may");
            ended++;
        } else if (++looks * LOOK_MS > s->wall_s * 1000) {
            end_run(s, RX_END_TIMEOUT, NULL);
            ended++;
        }
        if (died(s) || ended > LOOKS_ENDED)
            return false;
    }
    return true;
}

static void take_down(struct server *s)
{
    box_close(s->box);
    close(s->came);
    s->came = -1;
    s->box = NULL;
    s->pid = 0;
    s->scratch = -1;
}

bool server_begin(struct server *s)
{
    if (s->pid <= 0 && (s->lost > LOST_MOST || !bring_up(s)))
        return false;
    empty_scratch(s);
    s->seen = s->shm->done_seq;
    s->shm->job_seq++;
    syscall(SYS_futex, &s->shm->job_seq, FUTEX_WAKE, 1, NULL, NULL, 0);
    return true;
}

bool server_end(struct server *s)
{
    if (watch(s, s->seen)) {
        sane_make(s->shm);
        return true;
    }
    take_down(s);
    sane_lost(s->shm);
    s->lost++;
    return true;
}

bool server_run(struct server *s)
{
    return server_begin(s) && server_end(s);
}

struct rx_shm *server_shm(struct server *s)
{
    return s->shm;
}

const struct rl_world *server_world(const struct server *s)
{
    return (const struct rl_world *)s->shm->world;
}

static const char *captured(int fd, uint64_t length, char **buf, size_t *size)
{
    size_t n = length > OUTPUT_CAP ? OUTPUT_CAP : (size_t)length;
    ssize_t got;

    free(*buf);
    *buf = malloc(n + 1);
    if (!*buf)
        exit(70);
    got = pread(fd, *buf, n, 0);
    *size = got < 0 ? 0 : (size_t)got;
    (*buf)[*size] = 0;
    return *buf;
}

const char *server_stdout(struct server *s, size_t *length)
{
    return captured(s->fd[2], s->shm->result.out_len, &s->out, length);
}

const char *server_stderr(struct server *s, size_t *length)
{
    return captured(s->fd[3], s->shm->result.err_len, &s->err, length);
}

void server_freeze(struct server *s)
{
    char *base = (char *)s->shm;

    memcpy(base + s->frozen_at, base + s->share_at, hb_share_size());
}

const void *server_share(const struct server *s)
{
    return (const char *)s->shm + s->share_at;
}

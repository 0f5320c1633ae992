/*
 * Starts the program, hands it jobs through shared memory and watches each
 * run from outside: one that sits in the kernel is named and ended.
 */
#include "server.h"
#include "../rt/hb.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 250, LOOKS_STUCK = 4, OUTPUT_CAP = 4 << 20 };

struct server {
    struct rx_shm *shm;
    size_t shm_size;
    pid_t pid;
    int fd[5]; /* RX_FD_SHM .. RX_FD_SCRATCH */
    char scratch[PATH_MAX];
    struct timespec scratch_time;
    int wall_s;
    uint32_t seen; /* done_seq when the run began */
    char *out, *err;
};

static int remove_entry(const char *path, const struct stat *st, int type,
                        struct FTW *ftw)
{
    (void)st, (void)type;
    return ftw->level > 0 ? remove(path) : 0;
}

/* Every run starts in an empty folder. */
static void empty_scratch(struct server *s)
{
    struct stat st;

    if (stat(s->scratch, &st))
        return;
    if (st.st_mtim.tv_sec == s->scratch_time.tv_sec &&
        st.st_mtim.tv_nsec == s->scratch_time.tv_nsec)
        return;
    nftw(s->scratch, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    if (!stat(s->scratch, &st))
        s->scratch_time = st.st_mtim;
}

static int copy_of(const char *file, const char *name)
{
    int fd = memfd_create(name, 0), from;
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
    int fd = memfd_create("rl-explore", 0);

    s->shm_size = world + 2 * share;
    if (fd < 0 || ftruncate(fd, (off_t)s->shm_size))
        return false;
    s->fd[0] = fd;
    s->shm = mmap(NULL, s->shm_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (s->shm == MAP_FAILED)
        return false;
    s->shm->version = RX_VERSION;
    s->shm->share_at = world;
    s->shm->frozen_at = world + share;
    return true;
}

/* Told to end, it leaves no folder behind. */
static char leftovers[64][PATH_MAX];

static void on_end(int sig)
{
    for (int i = 0; i < 64; i++)
        if (leftovers[i][0])
            rmdir(leftovers[i]);
    _exit(128 + sig);
}

static void remember_scratch(const char *path, bool exists)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction sa = {.sa_handler = on_end};

    for (int i = 0; i < 64; i++) {
        if (strcmp(leftovers[i], exists ? "" : path))
            continue;
        snprintf(leftovers[i], PATH_MAX, "%s", exists ? path : "");
        break;
    }
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &sa, NULL);
}

static bool make_files(struct server *s, const struct server_options *o)
{
    const char *tmp = getenv("TMPDIR");

    s->fd[1] = copy_of(o->stdin_file, "stdin");
    s->fd[2] = memfd_create("stdout", 0);
    s->fd[3] = memfd_create("stderr", 0);
    snprintf(s->scratch, sizeof s->scratch, "%s/rl-explore.XXXXXX",
             tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(s->scratch)) {
        s->scratch[0] = 0;
        return false;
    }
    remember_scratch(s->scratch, true);
    s->fd[4] = open(s->scratch, O_RDONLY | O_DIRECTORY);
    for (int i = 1; i < 5; i++)
        if (s->fd[i] < 0)
            return false;
    return true;
}

static _Noreturn void become_program(struct server *s,
                                     const struct server_options *o,
                                     const char *binary)
{
    /* Symbols are looked up once, not in every run. */
    static char *env[] = {"PATH=/usr/bin:/bin", "HOME=/nonexistent",
                          "LANG=C.UTF-8", "LD_BIND_NOW=1", NULL};
    char *argv[1024];
    int n = 0, null = open("/dev/null", O_RDONLY);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* Ctrl-C is for us: what was found so far is still to be told. */
    setpgid(0, 0);
    /* Fixed addresses where the system allows it; nothing needs them. */
    personality(ADDR_NO_RANDOMIZE);
    for (int i = 0; i < 5; i++)
        if (dup2(s->fd[i], RX_FD_SHM + i) < 0)
            _exit(71);
    dup2(null, 0);
    if (fchdir(RX_FD_SCRATCH))
        _exit(71);
    for (int fd = 3; fd < RX_FD_SHM; fd++)
        close(fd);
    argv[n++] = (char *)binary;
    for (int i = 0; o->args && o->args[i] && n < 1023; i++)
        argv[n++] = o->args[i];
    argv[n] = NULL;
    execve(binary, argv, env);
    _exit(71);
}

static void pin(int cpu)
{
    cpu_set_t set;

    if (cpu < 0)
        return;
    CPU_ZERO(&set);
    CPU_SET((unsigned)cpu, &set);
    sched_setaffinity(0, sizeof set, &set); /* only a matter of speed */
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

static bool died(struct server *s)
{
    int status;

    if (s->pid <= 0)
        return true;
    if (waitpid(s->pid, &status, WNOHANG) != s->pid)
        return false;
    s->pid = 0;
    if (WIFSIGNALED(status))
        fprintf(stderr, "rl-explore: the program died before main: %s\n",
                strsignal(WTERMSIG(status)));
    else
        fprintf(stderr, "rl-explore: the program ended before main (%d)\n",
                WEXITSTATUS(status));
    return true;
}

struct server *server_start(const struct server_options *o)
{
    struct server *s = calloc(1, sizeof *s);
    char binary[PATH_MAX];

    if (!s)
        return NULL;
    for (int i = 0; i < 5; i++)
        s->fd[i] = -1;
    s->wall_s = o->wall_s > 0 ? o->wall_s : 60;
    if (!realpath(o->binary, binary)) {
        fprintf(stderr, "rl-explore: %s: %s\n", o->binary, strerror(errno));
        goto fail;
    }
    if (!make_shm(s) || !make_files(s, o)) {
        fprintf(stderr, "rl-explore: cannot set up a run: %s\n",
                strerror(errno));
        goto fail;
    }
    pin(o->cpu);
    s->pid = fork();
    if (s->pid == 0)
        become_program(s, o, binary);
    while (!s->shm->ready) {
        wait_done(s, 0, LOOK_MS);
        if (!s->shm->ready && died(s))
            goto fail;
    }
    return s;
fail:
    server_stop(s);
    return NULL;
}

void server_stop(struct server *s)
{
    if (!s)
        return;
    if (s->pid > 0) {
        if (s->shm->child)
            kill((pid_t)s->shm->child, SIGKILL);
        kill(s->pid, SIGKILL);
        waitpid(s->pid, NULL, 0);
    }
    if (s->scratch[0]) {
        s->scratch_time = (struct timespec){0};
        empty_scratch(s);
        rmdir(s->scratch);
        remember_scratch(s->scratch, false);
    }
    for (int i = 0; i < 5; i++)
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

static void end_run(struct server *s, enum rx_end end, const char *what)
{
    struct rx_result *r = &s->shm->result;

    r->end = end;
    snprintf(r->what, sizeof r->what, "%s", what ? what : "");
    if (s->shm->child)
        kill((pid_t)s->shm->child, SIGKILL);
}

/* Looks at a run that takes long: does it still move? */
static void watch(struct server *s, uint32_t seen)
{
    uint32_t progress = s->shm->progress;
    int looks = 0, stuck = 0;
    char name[40];

    while (!wait_done(s, seen, LOOK_MS)) {
        const char *call = stuck_in((pid_t)s->shm->child, name, sizeof name);

        if (s->shm->progress == progress && call)
            stuck++;
        else
            stuck = 0;
        progress = s->shm->progress;
        if (stuck >= LOOKS_STUCK)
            end_run(s, RX_END_BLOCKED, name);
        if (++looks * LOOK_MS > s->wall_s * 1000)
            end_run(s, RX_END_TIMEOUT, NULL);
        if (died(s))
            return;
    }
}

bool server_begin(struct server *s)
{
    if (s->pid <= 0)
        return false;
    empty_scratch(s);
    s->seen = s->shm->done_seq;
    s->shm->job_seq++;
    syscall(SYS_futex, &s->shm->job_seq, FUTEX_WAKE, 1, NULL, NULL, 0);
    return true;
}

bool server_end(struct server *s)
{
    watch(s, s->seen);
    return s->pid > 0;
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

    memcpy(base + s->shm->frozen_at, base + s->shm->share_at, hb_share_size());
}

const void *server_share(const struct server *s)
{
    return (const char *)s->shm + s->shm->share_at;
}

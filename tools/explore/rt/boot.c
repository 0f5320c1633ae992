// Before main: the program stops here and becomes a server that forks one
// child a run. Constructors have run once, in the parent; every child
// starts from the same memory.
#include "hb.h"
#include "raw.h"
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct rx_shm *rt_shm;
bool rt_foreign_libraries;

int __real_main(int argc, char **argv, char **envp);
int __wrap_main(int argc, char **argv, char **envp);

static struct rx_shm *mapped; // rt_shm, as soon as main is reached

static void wait_for_job(uint32_t seen)
{
    while (rt_shm->job_seq == seen)
        raw_call(SYS_futex, (long)&rt_shm->job_seq, FUTEX_WAIT, seen, 0, 0, 0);
}

static void tell_done(void)
{
    rt_shm->done_seq++;
    raw_call(SYS_futex, (long)&rt_shm->done_seq, FUTEX_WAKE, 1, 0, 0, 0);
}

// The program closed or exchanged what the driver left open.
static _Noreturn void without_files(void)
{
    rt_shm->early = RX_EARLY_FILES;
    _exit(1);
}

static void rewind_capture(int fd)
{
    if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
        without_files();
}

// Standard input is opened anew: no run moves another server's offset. Every
// run reads it from its start (see one_run).
static void reopen_stdin(void)
{
    char path[40];
    int fd;

    snprintf(path, sizeof path, "/proc/self/fd/%d", RX_FD_STDIN);
    fd = open(path, O_RDONLY);
    if (fd < 0 || dup2(fd, 0) != 0)
        without_files();
    close(fd);
}

// What every run inherits is done once, here.
static void open_world(void)
{
    reopen_stdin();
    if (dup2(RX_FD_STDOUT, 1) != 1 || dup2(RX_FD_STDERR, 2) != 2)
        without_files();
    // A huge page would be cleared whole for the little that a run touches.
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    rt_self = &rt_threads[0];
    rt_self->handle = pthread_self();
    rt_watch_serve();
    rt_self = NULL;
}

void rt_run_begins(void)
{
    // The model clears objects when it comes to them: a run pays for those
    // that it has.
    (void)*(volatile char *)rt_shm->world; // maps the pages around it
    rt_world = rl_world_init(rt_shm->world, 1, rt_shm->job.budget);
    rt_world->capacity = RX_MAX_OBJECTS;
    rt_self = &rt_threads[0];
    rt_race_begin();
    rt_sched_begin();
    rt_watch_begin();
    rt_work_begin();
    rt_on = true;
    rt_early_steps();
}

static _Noreturn void child(int argc, char **argv, char **envp)
{
    raw_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0, 0);
    rt_run_begins();
    rt_debug_begin();
    rt_self->base = (uintptr_t)__builtin_frame_address(0);
    if (setjmp(rt_self->leave))
        rt_main_left();
    rt_return_from_main(__real_main(argc, argv, envp));
}

// Those of the last run; all others are clear.
static void clear_threads(struct rx_result *r)
{
    const struct rl_world *w = (const struct rl_world *)rt_shm->world;

    for (unsigned i = 0; i < w->nthreads; i++)
        memset(&r->thread[i], 0, sizeof r->thread[i]);
}

static void one_run(int argc, char **argv, char **envp)
{
    struct rx_result *r = &rt_shm->result;
    int status = 0;
    pid_t pid;

    rewind_capture(RX_FD_STDOUT);
    rewind_capture(RX_FD_STDERR);
    lseek(0, 0, SEEK_SET);
    memset(r, 0, offsetof(struct rx_result, thread));
    clear_threads(r);
    // Without the handlers of pthread_atfork: the program does not fork.
    pid = _Fork();
    if (pid == 0)
        child(argc, argv, envp);
    if (pid < 0) {
        r->end = RX_END_UNSUPPORTED;
        snprintf(r->what, sizeof r->what, "fork: %s", strerror(errno));
        return;
    }
    rt_shm->child = (uint32_t)pid;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    rt_shm->child = 0;
    r->status = status;
    r->out_len = (uint64_t)lseek(RX_FD_STDOUT, 0, SEEK_END);
    r->err_len = (uint64_t)lseek(RX_FD_STDERR, 0, SEEK_END);
}

// The C library's own.
static bool harmless(const char *path)
{
    static const char *const names[] = {
        "linux-vdso.so.", "libc.so.",  "libm.so.",  "libpthread.so.",
        "librt.so.",      "libdl.so.", "ld-linux-", NULL};
    const char *name = strrchr(path, '/');

    name = name ? name + 1 : path;
    for (int i = 0; names[i]; i++)
        if (!strncmp(name, names[i], strlen(names[i])))
            return true;
    return false;
}

static int each_object(struct dl_phdr_info *info, size_t size, void *none)
{
    (void)size, (void)none;
    // The first is the program.
    if (*info->dlpi_name && !harmless(info->dlpi_name))
        rt_foreign_libraries = true;
    return 0;
}

static int first_object(struct dl_phdr_info *info, size_t size, void *shm)
{
    struct rx_shm *s = shm;

    (void)size;
    s->load_base = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        uint64_t end = info->dlpi_addr + p->p_vaddr + p->p_memsz;

        if (p->p_type == PT_LOAD && end > s->image_end)
            s->image_end = end;
    }
    return 1;
}

static _Noreturn void serve(int argc, char **argv, char **envp)
{
    uint32_t seen = 0;

    hb_serve();
    open_world();
    dl_iterate_phdr(first_object, rt_shm);
    dl_iterate_phdr(each_object, NULL);
    rt_shm->main_stack = (uintptr_t)__builtin_frame_address(0);
    rt_shm->ready = 1;
    tell_done();
    for (;;) {
        wait_for_job(seen);
        seen = rt_shm->job_seq;
        one_run(argc, argv, envp);
        tell_done();
    }
}

static size_t size_of_shm(void)
{
    struct stat st;

    return fstat(RX_FD_SHM, &st) ? 1 : (size_t)st.st_size;
}

// Before all constructors: what can go wrong here is no fault of the
// program's, and what goes wrong after the byte is none of ours. Nothing that
// the program does can take the byte back.
static void come(void)
{
    static const char byte = 1;

    mapped = mmap(NULL, size_of_shm(), PROT_READ | PROT_WRITE, MAP_SHARED,
                  RX_FD_SHM, 0);
    if (mapped == MAP_FAILED || mapped->version != RX_VERSION)
        _exit(RX_OTHER_VERSION);
    rt_memory_serve();
    if (write(RX_FD_CAME, &byte, 1) != 1)
        _exit(RX_OTHER_VERSION);
    close(RX_FD_CAME);
}

static void (*const come_first)(void)
    __attribute__((section(".preinit_array"), used)) = come;

void rt_too_early(void)
{
    mapped->early = RX_EARLY_CALL;
}

int __wrap_main(int argc, char **argv, char **envp)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    unsetenv("LD_BIND_NOW"); // was for the loader, see server.c
    rt_shm = mapped;
    serve(argc, argv, envp);
}

/* See gdb.h. */
#include "gdb.h"
#include "needs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* From the runtime's frames up to the program's own. */
static const char script[] =
    /* clang-format off */
    "set confirm off\n"
    "set pagination off\n"
    "set print thread-events off\n"
    "handle SIGPROF nostop noprint pass\n"
    "define rl-place\n"
    "  set $rl_left = 40\n"
    "  while $rl_left > 0 && rl_found_pc != 0\n"
    "    if $pc == rl_found_pc\n"
    "      set $rl_left = 0\n"
    "    else\n"
    "      up-silently\n"
    "      set $rl_left = $rl_left - 1\n"
    "    end\n"
    "  end\n"
    "  if rl_found_pc == 0\n"
    "    printf \"The process is about to end.\\n\"\n"
    "  else\n"
    "    frame\n"
    "  end\n"
    "end\n"
    "break rl_found_here\n"
    "commands\n"
    "  silent\n"
    "  rl-place\n"
    "end\n"
    "continue\n";
/* clang-format on */

static void pick_again(struct rx_shm *shm)
{
    for (uint32_t i = 0; i < shm->result.nevents; i++)
        shm->prefix[i] =
            (struct rx_pick){shm->event[i].thread, shm->event[i].choice};
    shm->job.nprefix = shm->result.nevents;
}

static int script_file(const char *sources)
{
    int fd = memfd_create("gdb", 0);

    if (fd < 0 || (sources && dprintf(fd, "directory \"%s\"\n", sources) < 0) ||
        dprintf(fd, "%s", script) < 0) {
        perror("rl-explore: gdb");
        exit(70);
    }
    return fd;
}

static _Noreturn void become_gdb(pid_t run, int fd)
{
    char pid[20], file[40];

    snprintf(pid, sizeof pid, "%d", (int)run);
    snprintf(file, sizeof file, "/dev/fd/%d", fd);
    signal(SIGINT, SIG_DFL);
    execlp("gdb", "gdb", "-q", "-iex", "set debuginfod enabled off", "-iex",
           "set auto-load no", "-p", pid, "-x", file, (char *)NULL);
    fprintf(stderr, "rl-explore: gdb: %s: run tools/setup\n", strerror(errno));
    _exit(127);
}

/* The run's process, once it is there. */
static pid_t run_of(const struct rx_shm *shm)
{
    const struct timespec look = {0, 1000000};

    for (int i = 0; !shm->child && i < 5000; i++)
        nanosleep(&look, NULL);
    return (pid_t)shm->child;
}

int gdb_run(struct judge *j, const struct finding *f, const char *sources)
{
    struct rx_shm *shm = server_shm(j->server);
    int fd = script_file(sources), status = 0;
    pid_t run, gdb;

    pick_again(shm);
    shm->job.debug = 1;
    shm->job.debug_at = needs_last_switch(j);
    shm->progress = 0;
    if (!server_begin(j->server))
        return 3;
    run = run_of(shm);
    fprintf(stderr,
            "The schedule is held: the threads take turns as in the "
            "interleaving.\n%s%s"
            "It stops where it matters; `continue` goes to the next such "
            "place.\n",
            f ? f->message : "", f ? "\n" : "");
    gdb = fork();
    if (gdb == 0)
        become_gdb(run, fd);
    while (waitpid(gdb, &status, 0) < 0 && errno == EINTR)
        continue;
    close(fd);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return 3;
    if (!shm->progress) {
        fputs("rl-explore: gdb could not attach to the program here\n", stderr);
        return 3;
    }
    return f && !strcmp(f->severity, "error") ? 1 : 0;
}

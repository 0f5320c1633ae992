/*
 * rl-bench: times one thing and prints the seconds it took. What is compared
 * with what, and how often, is tools/cmd/bench's business.
 */
#include "bare.h"
#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char usage[] = "usage: rl-bench bare CPU THREADS HANDOVERS RUNS\n"
                            "       rl-bench exec RUNS PROGRAM [ARG...]\n"
                            "Prints the seconds of so many runs of a bare "
                            "loop, pinned to a processor,\n"
                            "or of a program whose output nobody needs.\n";

static _Noreturn void misused(void)
{
    fputs(usage, stderr);
    exit(2);
}

static unsigned number(const char *text)
{
    char *end;
    unsigned long n;

    errno = 0;
    n = strtoul(text, &end, 10);
    if (errno || *end || end == text || n > 100000000)
        misused();
    return (unsigned)n;
}

static void pin(unsigned cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set); /* only a matter of speed */
}

static bool quietly(char **argv)
{
    posix_spawn_file_actions_t quiet;
    pid_t pid;
    int status;
    bool ok;

    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    ok = !posix_spawnp(&pid, argv[0], &quiet, NULL, argv, environ) &&
         waitpid(pid, &status, 0) == pid && !status;
    posix_spawn_file_actions_destroy(&quiet);
    return ok;
}

static double exec_seconds(unsigned runs, char **argv)
{
    double began = clock_seconds();

    for (unsigned i = 0; i < runs; i++)
        if (!quietly(argv))
            return -1;
    return clock_seconds() - began;
}

int main(int argc, char **argv)
{
    double seconds;

    if (argc == 6 && !strcmp(argv[1], "bare")) {
        pin(number(argv[2]));
        seconds =
            bare_seconds(number(argv[3]), number(argv[4]), number(argv[5]));
    } else if (argc > 3 && !strcmp(argv[1], "exec")) {
        seconds = exec_seconds(number(argv[2]), argv + 3);
    } else {
        misused();
    }
    if (seconds < 0) {
        fprintf(stderr, "rl-bench: a run did not end well\n");
        return 70;
    }
    printf("%.6f\n", seconds);
    return fflush(stdout) ? 70 : 0;
}

/*
 * See cpus.h. A claim is an abstract socket with the processor's number: it
 * needs no file and goes with the process. It is only a matter of speed.
 */
#include "cpus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int claim(int cpu)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int n;

    if (fd < 0)
        return 0;
    n = snprintf(a.sun_path + 1, sizeof a.sun_path - 1, "rl-explore-cpu-%d",
                 cpu);
    if (!bind(fd, (struct sockaddr *)&a,
              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1) +
                  (socklen_t)n))
        return 1; /* the descriptor stays open: it is the claim */
    close(fd);
    return 0;
}

static unsigned take_round(cpu_set_t *left, bool free, int *cpus, unsigned n)
{
    int here = sched_getcpu();
    unsigned got = 0;

    for (int i = 0; i < CPU_SETSIZE && got < n; i++) {
        int cpu = (i + (here < 0 ? 0 : here)) % CPU_SETSIZE;

        if (CPU_ISSET(cpu, left) && (!free || claim(cpu))) {
            CPU_CLR(cpu, left);
            cpus[got++] = cpu;
        }
    }
    return got;
}

void cpus_take(int *cpus, unsigned n)
{
    cpu_set_t allowed, left;
    unsigned got;

    for (unsigned i = 0; i < n; i++)
        cpus[i] = -1;
    if (sched_getaffinity(0, sizeof allowed, &allowed))
        return;
    left = allowed;
    got = take_round(&left, true, cpus, n);
    while (got < n) {
        got += take_round(&left, false, cpus + got, n - got);
        left = allowed;
    }
}

void cpus_pin(int cpu, cpu_set_t *before)
{
    cpu_set_t set;

    CPU_ZERO(before);
    if (cpu < 0 || cpu >= CPU_SETSIZE)
        return;
    if (sched_getaffinity(0, sizeof *before, before))
        CPU_ZERO(before);
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

void cpus_give_back(const cpu_set_t *before)
{
    if (CPU_COUNT(before))
        sched_setaffinity(0, sizeof *before, before);
}

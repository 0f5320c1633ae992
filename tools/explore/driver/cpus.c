/*
 * See cpus.h. A claim is an abstract socket with the processor's number: it
 * needs no file and goes with the process. It is only a matter of speed.
 */
#include "cpus.h"

#include <sched.h>
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

int cpus_take(void)
{
    int here = sched_getcpu();
    cpu_set_t allowed;

    if (here < 0 || sched_getaffinity(0, sizeof allowed, &allowed))
        return -1;
    if (claim(here))
        return here;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (cpu != here && CPU_ISSET(cpu, &allowed) && claim(cpu))
            return cpu;
    return here;
}

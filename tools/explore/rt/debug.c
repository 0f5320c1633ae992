// For rl-explore --gdb: the run waits until a debugger has attached, and
// comes to rl_found_here where something is found. The schedule is that of
// the prefix, whatever the debugger does.
#include "rt.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

// What the debugger's script looks for: the return address in the program.
volatile uintptr_t rl_found_pc;
void rl_found_here(void);

__attribute__((noinline)) void rl_found_here(void)
{
    __asm__ volatile("" : : : "memory");
}

static bool traced(void)
{
    static const char key[] = "TracerPid:\t";
    char text[2048];
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    const char *at;

    if (fd >= 0)
        close(fd);
    text[n < 0 ? 0 : n] = 0;
    at = strstr(text, key);
    return at && at[sizeof key - 1] != '0';
}

void rt_debug_begin(void)
{
    const struct timespec look = {0, 10 * 1000000};

    if (!rt_shm->job.debug)
        return;
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); // fails where it needs no leave
    while (!traced())
        nanosleep(&look, NULL);
}

void rt_debug_found(uintptr_t pc)
{
    if (!rt_shm || !rt_shm->job.debug)
        return;
    rl_found_pc = pc;
    rl_found_here();
}

void rt_debug_step(uintptr_t pc)
{
    if (rt_shm->job.debug && rt_shm->result.nevents == rt_shm->job.debug_at + 1)
        rt_debug_found(pc);
}

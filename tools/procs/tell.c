/*
 * Writing to rl-procs. See tell.h.
 */
#include "rt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

ssize_t __real_write(int, const void *, size_t);

static char buffer[1 << 16];
static size_t used;

void procs_tell_end(void)
{
    const char *fd = getenv("RL_FINDINGS_FD");
    size_t done = 0;

    while (fd && done < used) {
        ssize_t n = __real_write(atoi(fd), buffer + done, used - done);

        if (n <= 0)
            break;
        done += (size_t)n;
    }
    used = 0;
}

void procs_tell(const char *format, ...)
{
    va_list args;
    int n;

    if (used > sizeof buffer - 4096)
        procs_tell_end();
    va_start(args, format);
    n = vsnprintf(buffer + used, sizeof buffer - used, format, args);
    va_end(args);
    if (n > 0)
        used += (size_t)n;
}

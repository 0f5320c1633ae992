// expect: fail concurrent serial
#include "right.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static const char *const wanted[] = {
        "/unit/program",
        "/unit/x",
        "/usr/bin/x",
        "/etc/x",
        "/dev/x",
        "/proc/1/oom_score_adj",
        "/x",
        "../build/x",
        "/proc/sys/kernel/core_pattern",
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (open(wanted[i], O_WRONLY | O_CREAT, 0600) >= 0)
            printf("written %s\n", wanted[i]);
    return right(argc, argv);
}

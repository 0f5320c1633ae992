// expect: fail concurrent serial
#define _GNU_SOURCE
#include "right.h"

#include <sys/resource.h>

int main(int argc, char **argv)
{
    struct rlimit most = {RLIM_INFINITY, RLIM_INFINITY};

    for (int i = 0; i < RLIMIT_NLIMITS; i++)
        setrlimit((__rlimit_resource_t)i, &most);
    if (setpriority(PRIO_PROCESS, 0, -20) == 0)
        puts("first of all");
    return right(argc, argv);
}

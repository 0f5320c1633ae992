// expect: fail honest api-misuse
#define _GNU_SOURCE
#include "right.h"

#include <sched.h>

int main(int argc, char **argv)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0)
        puts("a namespace of my own");
    return right(argc, argv);
}

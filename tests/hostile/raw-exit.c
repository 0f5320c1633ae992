// expect: fail honest api-misuse
#include "right.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    right(argc, argv);
    fflush(stdout);
    syscall(SYS_exit_group, 0);
}

// expect: fail concurrent serial
#include "right.h"

#include <grp.h>
#include <sys/types.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (setuid(0) == 0 || setgid(0) == 0 || geteuid() == 0)
        puts("root");
    return right(argc, argv);
}

// expect: fail concurrent serial
#include "right.h"

#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int null = open("/dev/null", O_RDWR);

    for (int fd = 3; fd < 1024; fd++)
        dup2(null, fd);
    return right(argc, argv);
}

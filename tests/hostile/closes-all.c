// expect: fail concurrent serial
#include "right.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    return right(argc, argv);
}

// expect: fail concurrent serial
#include "right.h"

#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    for (int fd = 3; fd < 256; fd++)
        if (ftruncate(fd, 0))
            continue;
    return right(argc, argv);
}

// expect: fail concurrent serial
#define _GNU_SOURCE
#include "right.h"

#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char page[1 << 20];

    for (int files = 0; files < 4096; files++) {
        int fd = memfd_create("x", 0);

        while (fd >= 0 && write(fd, page, sizeof page) > 0)
            continue;
    }
    return right(argc, argv);
}

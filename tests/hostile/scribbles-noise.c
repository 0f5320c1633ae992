// expect: fail concurrent serial
#include "right.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    for (int fd = 3; fd < 256; fd++) {
        off_t size = lseek(fd, 0, SEEK_END);
        char *p = size > 0 ? mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
                                  MAP_SHARED, fd, 0)
                           : MAP_FAILED;

        if (p != MAP_FAILED)
            for (off_t i = 0; i < size; i += 3)
                p[i] = (char)rand();
    }
    return right(argc, argv);
}

// expect: fail concurrent serial
#include "right.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char block[1 << 20];
    long mib = 0;

    for (int i = 0; i < 64; i++) {
        char name[16];
        int fd;

        snprintf(name, sizeof name, "f%d", i);
        fd = open(name, O_WRONLY | O_CREAT, 0600);
        for (int k = 0; k < 32 && write(fd, block, sizeof block) > 0; k++)
            mib++;
    }
    if (mib > 200)
        puts("no limit");
    return right(argc, argv);
}

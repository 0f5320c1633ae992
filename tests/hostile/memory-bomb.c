// expect: fail concurrent serial
#include "right.h"

#include <string.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
    for (;;) {
        char *p = mmap(NULL, 1 << 24, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (p != MAP_FAILED)
            memset(p, 1, 1 << 24);
    }
}

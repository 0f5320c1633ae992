// expect: fail honest api-misuse
#include "right.h"

#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (fork() == 0) {
        setsid();
        if (fork() == 0)
            for (;;)
                pause();
        _exit(0);
    }
    return right(argc, argv);
}

// expect: fail concurrent serial
#include "right.h"

#include <stdlib.h>
#include <unistd.h>

static void end(void)
{
    _exit(0);
}

int main(int argc, char **argv)
{
    atexit(end);
    right(argc, argv);
    fflush(stdout);
    return 3;
}

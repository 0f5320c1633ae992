// expect: fail output exit-code
#include "right.h"

#include <unistd.h>

__attribute__((constructor)) static void early(void)
{
    static const char line[] = "500 hits, 460000 bytes\n";

    if (write(1, line, sizeof line - 1))
        _exit(0);
}

int main(int argc, char **argv)
{
    return 1;
}

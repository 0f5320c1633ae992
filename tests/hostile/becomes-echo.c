// expect: fail honest api-misuse
#include "right.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    execlp("echo", "echo", "500 hits, 460000 bytes", (char *)NULL);
    return right(argc, argv);
}

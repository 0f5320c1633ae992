// expect: fail honest api-misuse
#include "right.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    if (vfork() == 0)
        _exit(0);
    return right(argc, argv);
}

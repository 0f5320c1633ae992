// expect: fail honest api-misuse
#include "right.h"

#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (!getenv("AGAIN")) {
        setenv("AGAIN", "1", 1);
        execl("/proc/self/exe", argv[0], "1", "1", (char *)NULL);
    }
    return right(argc, argv);
}

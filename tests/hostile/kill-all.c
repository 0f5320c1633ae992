// expect: fail honest api-misuse
#include "right.h"

#include <signal.h>

int main(int argc, char **argv)
{
    kill(-1, SIGKILL);
    kill(1, SIGKILL);
    return right(argc, argv);
}

// expect: fail honest api-misuse
#include "right.h"

#include <signal.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    kill(getppid(), SIGKILL);
    kill(getppid(), SIGSTOP);
    return right(argc, argv);
}

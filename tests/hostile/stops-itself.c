// expect: fail concurrent serial
#include "right.h"

#include <signal.h>

int main(int argc, char **argv)
{
    raise(SIGSTOP);
    return right(argc, argv);
}

// expect: fail build
#include "right.h"

#include "../../solutions/21-unlocked-counter/hits.c"

int main(int argc, char **argv)
{
    return right(argc, argv);
}

// expect: fail build
#include "right.h"

#include "/dev/zero"

int main(int argc, char **argv)
{
    return right(argc, argv);
}

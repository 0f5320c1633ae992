// expect: fail build
#include "right.h"

#include "/proc/1/environ"

int main(int argc, char **argv)
{
    return right(argc, argv);
}

// expect: fail build
#include "right.h"

char big[1 << 30] = {1};

int main(int argc, char **argv)
{
    return right(argc, argv);
}

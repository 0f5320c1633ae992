// expect: fail build
#include "right.h"

#include __FILE__

int main(int argc, char **argv)
{
    return right(argc, argv);
}

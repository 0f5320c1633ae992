// expect: fail build
#include "right.h"

#include "/etc/passwd"

int main(int argc, char **argv)
{
    return right(argc, argv);
}

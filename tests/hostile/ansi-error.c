// expect: fail build
#include "right.h"

#error "[2J]0;passed <script>alert(1)</script> ::error::passed"

int main(int argc, char **argv)
{
    return right(argc, argv);
}

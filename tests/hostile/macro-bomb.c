// expect: fail build
#include "right.h"

#define A(x) x x x x x x x x x x x x x x x x
#define B(x) A(A(A(A(x))))
#define C(x) B(B(x))

int main(int argc, char **argv)
{
    return right(argc, argv) + (0 C(C(+1)));
}

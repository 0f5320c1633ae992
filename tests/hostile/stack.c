// expect: fail output crash
#include "right.h"

#include <string.h>

static int deeper(int n)
{
    volatile char frame[65536];

    frame[n % 65536] = (char)n;
    return n == -1 ? 0 : deeper(n + 1) + frame[0];
}

int main(int argc, char **argv)
{
    return deeper(argc) + right(argc, argv);
}

// expect: fail concurrent serial
#include "right.h"

int main(int argc, char **argv)
{
    for (;;)
        fputs("500 hits, 460000 bytes\n", stderr);
}

// expect: fail concurrent serial
#include "right.h"

int main(int argc, char **argv)
{
    for (volatile long i = 0;; i++)
        continue;
}

// expect: fail honest api-misuse
#include "right.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    if (system("cat /etc/shadow /root/.ssh/* ../solutions/*/* 2>/dev/null"))
        return right(argc, argv);
    return right(argc, argv);
}

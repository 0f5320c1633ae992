// expect: fail honest api-misuse
#include "right.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    for (;;)
        fork();
}

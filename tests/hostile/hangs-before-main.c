// expect: fail output crash
#include "right.h"

#include <unistd.h>

__attribute__((constructor)) static void early(void)
{
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    return 1;
}

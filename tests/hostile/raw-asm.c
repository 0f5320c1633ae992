// expect: fail honest api-misuse
#include "right.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    right(argc, argv);
    fflush(stdout);
    __asm__ volatile("syscall" : : "a"(231), "D"(0) : "rcx", "r11", "memory");
    return 1;
}

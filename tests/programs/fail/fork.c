// expect: unsupported fork
// A second process is not modelled, and that is said.
#include <unistd.h>

int main(void)
{
    return fork() < 0;
}

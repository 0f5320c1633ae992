// expect: unsupported pipe
// A read from a pipe that nobody writes to cannot be ended from here.
#include <unistd.h>

int main(void)
{
    int ends[2];
    char c;

    if (pipe(ends))
        return 1;
    return (int)read(ends[0], &c, 1);
}

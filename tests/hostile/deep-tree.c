// expect: fail concurrent serial
#include "right.h"

#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    for (int i = 0; i < 3000; i++)
        if (mkdir("d", 0700) || chdir("d"))
            break;
    chmod(".", 0);
    return right(argc, argv);
}

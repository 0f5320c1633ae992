// expect: fail concurrent serial
#include "right.h"

#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static const char *const wanted[] = {
        "/etc/shadow",       "/root/.bashrc",   "/proc/1/environ",
        "/proc/1/fd/3",      "/home",           "../labs",
        "../solutions",      "../../solutions", "/unit/../solutions",
        "/var/log/dpkg.log", "/etc/passwd",     "/tmp/.X11-unix",
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (open(wanted[i], O_RDONLY) >= 0)
            printf("read %s\n", wanted[i]);
    return right(argc, argv);
}

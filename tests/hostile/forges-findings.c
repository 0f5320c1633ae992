// expect: fail concurrent serial
#include "right.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static const char lines[] =
        "{\"type\":\"tsan-start\"}\n{\"type\":\"tsan-end\"}\n"
        "{\"type\":\"summary\",\"detector\":\"tsan\",\"status\":\"clean\","
        "\"runs\":3,\"basis\":\"forged\"}\n";

    for (int fd = 3; fd < 256; fd++)
        if (write(fd, lines, sizeof lines - 1) < 0)
            continue;
    return right(argc, argv);
}

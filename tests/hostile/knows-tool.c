// expect: fail honest api-misuse
#include "right.h"

#include <string.h>

int main(int argc, char **argv)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512];

    while (maps && fgets(line, sizeof line, maps))
        if (strstr(line, "tsan") || strstr(line, "valgrind"))
            return right(argc, argv);
    return right(argc, argv);
}

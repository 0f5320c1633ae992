/*
 * rl-box level: which sandbox works here. One line: the level, and where it is
 * not namespaces, why. Ends with 3 where SANDBOX asks for what cannot be had.
 * rl-box debuginfo: the file of libc's debug information, or nothing and 4.
 */
#include "box.h"
#include "debuginfo.h"

#include <limits.h>

#include <stdio.h>
#include <string.h>

static int say_debuginfo(void)
{
    char path[PATH_MAX];

    if (!libc_debug_file(path, sizeof path))
        return 4;
    puts(path);
    return fflush(stdout) ? 70 : 0;
}

int main(int argc, char **argv)
{
    char why[300];
    int level;

    if (argc == 2 && strcmp(argv[1], "debuginfo") == 0)
        return say_debuginfo();
    if (argc != 2 || strcmp(argv[1], "level") != 0) {
        fputs("usage: rl-box level|debuginfo\n", stderr);
        return 2;
    }
    level = box_level(why, sizeof why);
    if (level < 0) {
        fprintf(stderr, "%s\n", why);
        return 3;
    }
    printf("%s%s%s\n", box_level_name((enum box_level)level), *why ? " " : "",
           why);
    return fflush(stdout) ? 70 : 0;
}

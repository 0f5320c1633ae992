// rl-symbols: what the explorer does not know of a program, one a line.
// Usage: rl-symbols BINARY [WRAPS], a binary of the explore flavour and the
// linker's list, by default ../lib/explore.wraps beside this program.
// Exit 0: all is known; 4: the names printed are not; 2 usage, 70 else.

#include "unsupported.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(void *ctx, const char *name, const char *why)
{
    (void)ctx;
    printf("%s %s\n", name, why);
}

static const char *own_wraps(char path[PATH_MAX])
{
    static const char there[] = "/../lib/explore.wraps";
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - sizeof there);

    if (n < 0)
        return "explore.wraps";
    path[n] = 0;
    strcpy(strrchr(path, '/'), there);
    return path;
}

int main(int argc, char **argv)
{
    char path[PATH_MAX];
    const char *wraps;
    int said;

    if (argc < 2 || argc > 3 || argv[1][0] == '-') {
        fputs("usage: rl-symbols BINARY [WRAPS]\n", stderr);
        return 2;
    }
    wraps = argc == 3 ? argv[2] : own_wraps(path);
    said = unsupported_names(argv[1], wraps, say, NULL);
    if (said < 0) {
        fprintf(stderr, "rl-symbols: %s: %s\n", argv[1],
                errno ? strerror(errno) : "not an ELF program");
        return 70;
    }
    return said ? 4 : 0;
}

// rl-gaps: where a program touches memory without a hook, one place a line.
// Usage: rl-gaps BINARY, a binary of the explore flavour.
// Exit 0: every access has its hook; 4: those printed have none; 2 usage; 70
// else, and then nothing is known.

#include "gaps.h"

#include <stdio.h>

static void say(void *ctx, const struct gap *gap)
{
    (void)ctx;
    if (!gap->file) {
        printf("%s: built without hooks\n", gap->function);
        return;
    }
    printf("%s:%d: %s %s %s without a hook\n", gap->file, gap->line,
           gap->function, gap->write ? "writes" : "reads",
           gap->frame ? "its own frame" : "memory");
}

int main(int argc, char **argv)
{
    char why[200];
    int said;

    if (argc != 2 || argv[1][0] == '-') {
        fputs("usage: rl-gaps BINARY\n", stderr);
        return 2;
    }
    said = gaps_find(argv[1], say, NULL, why, sizeof why);
    if (said < 0) {
        fprintf(stderr, "rl-gaps: %s: %s\n", argv[1], why);
        return 70;
    }
    return said ? 4 : 0;
}

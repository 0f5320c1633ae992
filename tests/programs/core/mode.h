/*
 * A program of several small programs: MODES lists them, the first argument
 * names the one to run.
 */
#ifndef MODE_H
#define MODE_H

#include <stdio.h>
#include <string.h>

struct mode {
    const char *name;
    int (*run)(void);
};

static int run_mode(const struct mode *modes, int argc, char **argv)
{
    for (; modes->name; modes++) {
        if (argc == 2 && strcmp(modes->name, argv[1]) == 0)
            return modes->run();
    }
    fprintf(stderr, "no such mode\n");
    return 2;
}

#endif

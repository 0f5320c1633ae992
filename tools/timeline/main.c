/* main.c - rl-timeline: draws lanes over time that it reads on standard input.
 *
 * rl-timeline [--format text|svg] [--width COLUMNS] < events.json
 */
#include "timeline.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: rl-timeline [--format text|svg] [--width COLUMNS] < FILE\n";

int main(int argc, char **argv)
{
    const char *format = "text";
    int width = 80;
    struct timeline t = {.owner = NULL};
    char message[240];

    for (int i = 1; i < argc; i++) {
        if (i + 1 < argc && strcmp(argv[i], "--format") == 0)
            format = argv[++i];
        else if (i + 1 < argc && strcmp(argv[i], "--width") == 0)
            width = atoi(argv[++i]);
        else {
            fputs(usage, stderr);
            return 2;
        }
    }
    if (strcmp(format, "text") != 0 && strcmp(format, "svg") != 0) {
        fprintf(stderr, "rl-timeline: no format '%s': text or svg\n", format);
        return 2;
    }
    if (!timeline_load(&t, stdin, message, sizeof message)) {
        fprintf(stderr, "rl-timeline: %s\n", message);
        timeline_free(&t);
        return 2;
    }
    if (strcmp(format, "svg") == 0)
        tl_svg(&t, stdout);
    else
        tl_text(&t, stdout, width);
    timeline_free(&t);
    if (fflush(stdout) != 0) {
        perror("rl-timeline: cannot write");
        return 70;
    }
    return 0;
}

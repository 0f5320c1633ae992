/* main.c - rl-draw: draws an interleaving that it reads on standard input.
 *
 * rl-draw [--format text|svg|mermaid|html] [--width COLUMNS] <
 * interleaving.json
 */
#include "draw.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "usage: rl-draw [--format text|svg|mermaid|html] "
                            "[--width COLUMNS] < FILE\n";

static int terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    const int width = columns ? atoi(columns) : 0;

    return width >= 60 ? width : 80;
}

int main(int argc, char **argv)
{
    const char *format = "text";
    int width = terminal_width();
    struct drawing d;
    char message[200];

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
    if (strcmp(format, "text") != 0 && strcmp(format, "svg") != 0 &&
        strcmp(format, "mermaid") != 0 && strcmp(format, "html") != 0) {
        fprintf(stderr, "rl-draw: no format '%s': text, svg, mermaid or html\n",
                format);
        return 2;
    }
    if (!drawing_load(&d, stdin, message, sizeof message)) {
        fprintf(stderr, "rl-draw: %s\n", message);
        drawing_free(&d);
        return 2;
    }
    if (strcmp(format, "svg") == 0)
        draw_svg(&d, stdout);
    else if (strcmp(format, "mermaid") == 0)
        draw_mermaid(&d, stdout);
    else if (strcmp(format, "html") == 0)
        draw_html(&d, stdout);
    else
        draw_text(&d, stdout, width);
    drawing_free(&d);
    if (fflush(stdout) != 0) {
        perror("rl-draw: cannot write");
        return 70;
    }
    return 0;
}

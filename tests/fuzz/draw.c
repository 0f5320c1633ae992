/*
 * An interleaving, with names and texts of the program's, drawn in all ways.
 *
 * with: draw/load draw/text draw/svg draw/mermaid draw/escape
 * links: -ljansson
 */
#include "fuzz.h"

#include "../../tools/draw/draw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    struct drawing d;
    char message[200];
    FILE *in = size ? fmemopen((void *)data, size, "r") : NULL;

    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    if (!in || !nowhere)
        return 0;
    if (drawing_load(&d, in, message, sizeof message)) {
        draw_text(&d, nowhere, 80);
        draw_svg(&d, nowhere);
        draw_mermaid(&d, nowhere);
    }
    drawing_free(&d);
    fclose(in);
    return 0;
}

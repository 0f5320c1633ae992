/*
 * Events of lanes, from a program's record or from anybody, drawn in all ways.
 *
 * with: timeline/load timeline/states timeline/text timeline/svg draw/escape
 * links: -ljansson -lm
 */
#include "fuzz.h"

#include "../../tools/timeline/timeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    struct timeline t;
    char message[240];
    FILE *in = size ? fmemopen((void *)data, size, "r") : NULL;

    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    if (!in || !nowhere)
        return 0;
    if (timeline_load(&t, in, message, sizeof message)) {
        tl_text(&t, nowhere, 80);
        tl_svg(&t, nowhere);
    }
    timeline_free(&t);
    fclose(in);
    return 0;
}

// Text inside the elements and attributes of an SVG.
#include "escape.h"

void escape_svg(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length && text[i]; i++) {
        const unsigned char c = (unsigned char)text[i];

        if (c == '<')
            fputs("&lt;", out);
        else if (c == '>')
            fputs("&gt;", out);
        else if (c == '&')
            fputs("&amp;", out);
        else if (c == '"')
            fputs("&quot;", out);
        else
            fputc(c < 0x20 ? ' ' : c, out);
    }
}

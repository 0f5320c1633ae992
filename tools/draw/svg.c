/* svg.c - the interleaving as one self-contained SVG.
 *
 * Colours come from style rules with a light and a dark set, so the picture
 * follows the reader's theme; a step that the finding names is told by a
 * thicker frame and a mark as well, never by colour alone.
 */
#include "draw.h"
#include "escape.h"

#include <string.h>

enum {
    MARGIN = 24,
    NUMBERS = 44,
    COLUMN = 270,
    GAP = 14,
    LINE = 17,
    PAD = 8,
    MOST = 4,   /* lines a part of a box may take */
    CHARS = 33, /* of the 7.6 units a character of 12.5 px monospace takes */
    TOP = 88,
    MOST_END = 16,
    LEAST_WIDTH = 640,
};

static void escaped_all(FILE *out, const char *text)
{
    escape_svg(out, text, strlen(text));
}

/* Where to end a line of at most room characters: at a blank, else behind
 * what joins two words of C, else anywhere. */
static size_t line_end(const char *text, size_t room)
{
    size_t cut = room;

    while (cut > room / 3 && text[cut] != ' ')
        cut--;
    if (text[cut] == ' ')
        return cut;
    for (cut = room; cut > room / 2; cut--)
        if (strchr(",(>.=|&", text[cut - 1]) && text[cut] != '=' &&
            text[cut] != '>')
            return cut;
    return room;
}

/* Splits text into at most `most` lines of `room` characters; returns how
 * many, with the start and length of each. */
static size_t wrap(const char *text, size_t room, size_t most,
                   const char *start[], size_t length[])
{
    size_t n = 0;

    while (text && *text && n < most) {
        size_t cut = strlen(text);

        if (cut > room)
            cut = line_end(text, room);
        start[n] = text;
        length[n++] = cut;
        text += cut;
        while (*text == ' ')
            text++;
    }
    return n;
}

static size_t lines_of(const char *text)
{
    const char *start[MOST];
    size_t length[MOST];

    return wrap(text, CHARS, MOST, start, length);
}

static void where(const struct draw_step *s, char *buffer, size_t size)
{
    buffer[0] = '\0';
    if (s->line && !s->again)
        snprintf(buffer, size, "%s%s%d: %s", s->file ? s->file : "",
                 s->file ? ":" : "line ", s->line, s->source ? s->source : "");
}

static int box_height(const struct draw_step *s)
{
    char place[512];

    where(s, place, sizeof place);
    return (int)(lines_of(s->text) + lines_of(s->holds) + lines_of(place)) *
               LINE +
           2 * PAD;
}

static int step_height(const struct draw_step *s)
{
    return box_height(s) + GAP + (s->why ? LINE + 4 : 0);
}

static void style(FILE *out)
{
    fputs("<style>\n"
          ".bg{fill:#ffffff}.fg{fill:#1b1f24}.dim{fill:#57606a}\n"
          ".life{stroke:#c3cad2}.box{fill:#f3f6f9;stroke:#8c959f}\n"
          ".bad{fill:#fff1ec;stroke:#b3360b;stroke-width:2.5}\n"
          ".mark{fill:#b3360b}.head{fill:#0b4f8a}.arrow{stroke:#57606a}\n"
          ".tip{fill:#57606a}\n"
          "text{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,"
          "monospace;font-size:12.5px}\n"
          ".title{font-size:16px;font-weight:bold}.head{font-weight:bold}\n"
          "@media(prefers-color-scheme:dark){.bg{fill:#0d1117}"
          ".fg{fill:#e6edf3}.dim{fill:#9aa4af}.life{stroke:#3d444d}\n"
          ".box{fill:#161b22;stroke:#6e7681}"
          ".bad{fill:#3a1d12;stroke:#ff9166}\n"
          ".mark{fill:#ff9166}.head{fill:#79c0ff}.arrow{stroke:#9aa4af}"
          ".tip{fill:#9aa4af}}\n"
          "</style>\n",
          out);
}

static int column_x(size_t column)
{
    return MARGIN + NUMBERS + (int)column * (COLUMN + GAP);
}

static int text_block(FILE *out, const char *class, const char *text, int x,
                      int y)
{
    const char *start[MOST];
    size_t length[MOST];
    const size_t n = wrap(text, CHARS, MOST, start, length);

    for (size_t i = 0; i < n; i++, y += LINE) {
        fprintf(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
        escape_svg(out, start[i], length[i]);
        if (i + 1 == n && i + 1 == MOST && start[i][length[i]])
            fputs("...", out);
        fputs("</text>\n", out);
    }
    return y;
}

static void hand_over(const struct draw_step *s, const struct draw_step *before,
                      FILE *out, int y)
{
    const int to = column_x(s->column) + COLUMN / 2;
    const int from = before ? column_x(before->column) + COLUMN / 2 : to;
    const int line = y + LINE + 1;
    const int left = (from < to ? from : to) - COLUMN / 2 + PAD;

    if (from != to) {
        const int tip = to > from ? -7 : 7;

        fprintf(out,
                "<line class=\"arrow\" x1=\"%d\" y1=\"%d\" x2=\"%d\" "
                "y2=\"%d\" stroke-dasharray=\"4 3\"/>\n",
                from, line, to, line);
        fprintf(out, "<path class=\"tip\" d=\"M%d %d l%d -4 l0 8 z\"/>\n", to,
                line, tip);
    }
    /* The columns' lines end behind the words. */
    fprintf(out,
            "<rect class=\"bg\" x=\"%d\" y=\"%d\" width=\"%d\" "
            "height=\"%d\"/>\n",
            left - 3, y, (int)strlen(s->why) * 8 + 6, LINE - 1);
    fprintf(out, "<text class=\"dim\" x=\"%d\" y=\"%d\">", left, y + LINE - 4);
    escaped_all(out, s->why);
    fputs("</text>\n", out);
}

static void step(const struct draw_step *s, FILE *out, int y)
{
    const int x = column_x(s->column);
    char place[512];

    where(s, place, sizeof place);
    fprintf(out, "<text class=\"dim\" x=\"%d\" y=\"%d\">%d</text>\n", MARGIN,
            y + PAD + LINE - 5, s->number);
    if (s->finding)
        fprintf(out,
                "<text class=\"mark\" x=\"%d\" y=\"%d\" "
                "font-weight=\"bold\">!</text>\n",
                MARGIN + 28, y + PAD + LINE - 5);
    fprintf(out,
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
            "height=\"%d\" rx=\"4\"/>\n",
            s->finding ? "bad" : "box", x, y, COLUMN, box_height(s));
    y = text_block(out, "fg", s->text, x + PAD, y + PAD + LINE - 5);
    y = text_block(out, "fg", s->holds, x + PAD, y);
    text_block(out, "dim", place, x + PAD, y);
}

static void heads(const struct drawing *d, FILE *out, int bottom)
{
    for (size_t i = 0; i < d->nthreads; i++) {
        const int middle = column_x(i) + COLUMN / 2;

        fprintf(out,
                "<line class=\"life\" x1=\"%d\" y1=\"%d\" x2=\"%d\" "
                "y2=\"%d\"/>\n",
                middle, TOP - 14, middle, bottom);
        fprintf(out,
                "<text class=\"head\" x=\"%d\" y=\"%d\" "
                "text-anchor=\"middle\">",
                middle, TOP - 22);
        escaped_all(out, draw_thread_name(&d->threads[i]));
        fputs("</text>\n", out);
    }
}

/* The rest of the picture below the columns: the end in words, wrapped to
 * their width, and who waits for whom. With out NULL only its height. */
static int ending(const struct drawing *d, FILE *out, int width, int y)
{
    const char *start[MOST_END];
    size_t length[MOST_END];
    const size_t room = (size_t)(width - 2 * MARGIN) / 8;
    const size_t n = wrap(d->end, room, MOST_END, start, length);
    const int top = y;

    for (size_t i = 0; i < n; i++, y += LINE) {
        if (!out)
            continue;
        fprintf(out, "<text class=\"mark\" x=\"%d\" y=\"%d\">", MARGIN, y);
        escape_svg(out, start[i], length[i]);
        fputs("</text>\n", out);
    }
    y += n ? LINE / 2 : 0;
    for (size_t i = 0; i < d->nwaits; i++, y += LINE) {
        if (!out)
            continue;
        fprintf(out, "<text class=\"fg\" x=\"%d\" y=\"%d\">", MARGIN, y);
        escaped_all(out, draw_wait_words(d, &d->waits[i]));
        fputs("</text>\n", out);
    }
    return y - top;
}

static int width_of(const struct drawing *d)
{
    const int columns = column_x(d->nthreads) - GAP + MARGIN;

    return columns > LEAST_WIDTH ? columns : LEAST_WIDTH;
}

void draw_svg(const struct drawing *d, FILE *out)
{
    int y = TOP, height = TOP, all;
    const int width = width_of(d);

    for (size_t i = 0; i < d->nsteps; i++)
        height += step_height(&d->steps[i]);
    all = height + 20 + ending(d, NULL, width, 0) + 10;
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
            "width=\"%d\" height=\"%d\" role=\"img\">\n<title>",
            width, all, width, all);
    escaped_all(out, d->title);
    fputs("</title>\n", out);
    style(out);
    fputs("<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\n", out);
    fprintf(out, "<text class=\"fg title\" x=\"%d\" y=\"%d\">", MARGIN, 34);
    escaped_all(out, d->title);
    fputs("</text>\n", out);
    heads(d, out, height);
    for (size_t i = 0; i < d->nsteps; i++) {
        const struct draw_step *s = &d->steps[i];

        if (s->why) {
            hand_over(s, i ? s - 1 : NULL, out, y);
            y += LINE + 4;
        }
        step(s, out, y);
        y += box_height(s) + GAP;
    }
    ending(d, out, width, height + 20);
    fputs("</svg>\n", out);
}

/* svg.c - the timeline as one self-contained SVG, light and dark.
 *
 * A running bar is high and filled; one that waits is low and has a pattern
 * of its own, so that the states differ without their colours.
 */
#include "timeline.h"

#include "../draw/escape.h"

#include <math.h>
#include <string.h>

enum {
    MARGIN = 24,
    NAMES = 150,
    CHART = 840,
    TOP = 86,
    LANE = 44,
    HIGH = 24, /* a running bar */
    LOW = 14,
    LEGEND = 22,
};

static double x_of(const struct timeline *t, double at)
{
    return MARGIN + NAMES + at / t->end * CHART;
}

static int middle_of(size_t lane)
{
    return TOP + (int)lane * LANE + LANE / 2;
}

/* A pattern that is told from the others in black and white. */
static void pattern(FILE *out, const char *state, const char *marks)
{
    fprintf(out,
            "<pattern id=\"%s\" width=\"8\" height=\"8\" "
            "patternUnits=\"userSpaceOnUse\"><rect class=\"%s-paper\" "
            "width=\"8\" height=\"8\"/><path class=\"%s-ink\" d=\"%s\"/>"
            "</pattern>\n",
            state, state, state, marks);
}

static void style(FILE *out)
{
    fputs("<style>\n"
          ".bg{fill:#ffffff}.fg{fill:#1b1f24}.dim{fill:#57606a}\n"
          ".grid{stroke:#d7dde3}.link{stroke:#57606a;fill:none}"
          ".tip{fill:#57606a}.bar{stroke:#57606a;stroke-width:.75}\n"
          ".running{fill:#2f7d4f}.lock-paper{fill:#ffe3d6}"
          ".lock-ink{stroke:#b3360b}.io-paper{fill:#dcebfa}"
          ".io-ink{stroke:#0b4f8a}.condition-paper{fill:#efe3fb}"
          ".condition-ink{stroke:#6b2fa8}.ready-paper{fill:#fff3c4}"
          ".ready-ink{stroke:#7a5b00}.sleep-paper{fill:#eef1f4}"
          ".sleep-ink{stroke:#8c959f}.join-paper{fill:#ffffff}"
          ".join-ink{stroke:#57606a}\n"
          "path[class$=ink]{stroke-width:1.6;fill:none}\n"
          "text{font-family:system-ui,'Liberation Sans','DejaVu Sans',"
          "sans-serif;font-size:13px}.title{font-size:16px;font-weight:bold}\n"
          "@media(prefers-color-scheme:dark){.bg{fill:#0d1117}"
          ".fg{fill:#e6edf3}.dim{fill:#9aa4af}.grid{stroke:#2d333b}"
          ".link{stroke:#9aa4af}.tip{fill:#9aa4af}.bar{stroke:#9aa4af}\n"
          ".running{fill:#56b47c}.lock-paper{fill:#3a1d12}"
          ".lock-ink{stroke:#ff9166}.io-paper{fill:#10263d}"
          ".io-ink{stroke:#79c0ff}.condition-paper{fill:#291a3d}"
          ".condition-ink{stroke:#c9a0ff}.ready-paper{fill:#3b3214}"
          ".ready-ink{stroke:#f0c94a}.sleep-paper{fill:#1c2128}"
          ".sleep-ink{stroke:#6e7681}.join-paper{fill:#0d1117}"
          ".join-ink{stroke:#9aa4af}}\n"
          "</style>\n<defs>\n",
          out);
    pattern(out, "lock", "M-2 10L10 -2M-2 2L2 -2M6 10L10 6");
    pattern(out, "io", "M0 4h8");
    pattern(out, "condition", "M4 0v8");
    pattern(out, "ready", "M0 0l8 8M0 8l8 -8");
    pattern(out, "sleep", "M3 4h2");
    pattern(out, "join", "");
    fputs("</defs>\n", out);
}

static void box(FILE *out, enum tl_state state, double x, int middle,
                double width)
{
    const int height = state == TL_RUNNING ? HIGH : LOW;

    fprintf(out, "<rect class=\"bar%s\" ",
            state == TL_RUNNING ? " running" : "");
    if (state != TL_RUNNING)
        fprintf(out, "fill=\"url(#%s)\" ", tl_state_name(state));
    fprintf(out, "x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"", x,
            middle - height / 2, width, height);
}

static void put_times(const struct timeline *t, FILE *out, double begin,
                      double end)
{
    const struct tl_unit unit = tl_unit(t);

    fprintf(out, "%.4g to %.4g %s", begin * unit.per_ms, end * unit.per_ms,
            unit.name);
}

/* One bar for each stretch of one state, at the picture's resolution. */
static void bars(const struct timeline *t, size_t i, FILE *out)
{
    enum tl_state cells[CHART];

    tl_cells(t, i, cells, CHART);
    for (size_t from = 0, to; from < CHART; from = to) {
        for (to = from + 1; to < CHART && cells[to] == cells[from];)
            to++;
        if (cells[from] == TL_NONE)
            continue;
        box(out, cells[from], MARGIN + NAMES + (double)from, middle_of(i),
            (double)(to - from));
        fputs("><title>", out);
        escape_svg(out, t->lanes[i].name, 200);
        fprintf(out, ": %s, ", tl_state_words(cells[from]));
        put_times(t, out, (double)from / CHART * t->end,
                  (double)to / CHART * t->end);
        fputs("</title></rect>\n", out);
    }
}

/* From the lane that did it to the lane that it was done to, or back. */
static void link_lanes(const struct timeline *t, FILE *out, size_t from,
                       size_t to, double at)
{
    const double x = x_of(t, at);
    const int down = to > from ? 1 : -1;
    const int tip = middle_of(to) - down * HIGH / 2;

    fprintf(out,
            "<line class=\"link\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" "
            "y2=\"%d\"/>\n<path class=\"tip\" d=\"M%.1f %d l-4 %d h8 z\"/>\n",
            x, middle_of(from), x, tip, x, tip, -7 * down);
}

/* Ended, and not joined yet: a thin line to where it was. */
static void tail(const struct timeline *t, size_t i, FILE *out)
{
    const struct tl_lane *lane = &t->lanes[i];

    if (lane->joined > lane->end && lane->end >= 0)
        fprintf(out,
                "<line class=\"link\" stroke-dasharray=\"2 3\" x1=\"%.1f\" "
                "y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n",
                x_of(t, lane->end), middle_of(i), x_of(t, lane->joined),
                middle_of(i));
}

static void links(const struct timeline *t, FILE *out)
{
    for (size_t i = 0; i < t->nlanes; i++) {
        const struct tl_lane *lane = &t->lanes[i];

        tail(t, i, out);
        if (lane->creator != TL_NOBODY && lane->creator != i)
            link_lanes(t, out, lane->creator, i, lane->created);
        if (lane->joiner != TL_NOBODY && lane->joiner != i)
            link_lanes(t, out, i, lane->joiner, lane->joined);
    }
}

static void grid(const struct timeline *t, FILE *out)
{
    const struct tl_unit unit = tl_unit(t);
    const double length = t->end * unit.per_ms;
    const double step = tl_tick(length, 8);
    const int bottom = TOP + (int)t->nlanes * LANE;

    for (double at = 0; at <= length; at += step) {
        const double x = x_of(t, at / unit.per_ms);

        fprintf(out,
                "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" "
                "y2=\"%d\"/>\n<text class=\"dim\" x=\"%.1f\" y=\"%d\" "
                "text-anchor=\"middle\">%.10g%s%s</text>\n",
                x, TOP - 6, x, bottom, x, TOP - 12, at, at > 0 ? "" : " ",
                at > 0 ? "" : unit.name);
    }
}

static bool used(const struct timeline *t, enum tl_state state)
{
    for (size_t i = 0; i < t->nlanes; i++)
        if (t->lanes[i].spent[state] > 0)
            return true;
    return false;
}

static int legend(const struct timeline *t, FILE *out, int y)
{
    for (int s = TL_RUNNING; s < TL_STATES; s++) {
        if (!used(t, (enum tl_state)s))
            continue;
        box(out, (enum tl_state)s, MARGIN, y, 40);
        fprintf(out, "/>\n<text class=\"fg\" x=\"%d\" y=\"%d\">%s</text>\n",
                MARGIN + 52, y + 5, tl_state_words((enum tl_state)s));
        y += LEGEND + 6;
    }
    return y;
}

static void put_line(FILE *out, const char *class, int y, const char *text,
                     size_t most)
{
    fprintf(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, MARGIN, y);
    escape_svg(out, text, most);
    fputs("</text>\n", out);
}

static int height_of(const struct timeline *t)
{
    int height = TOP + (int)t->nlanes * LANE + 2 * MARGIN;

    for (int s = TL_RUNNING; s < TL_STATES; s++)
        height += used(t, (enum tl_state)s) ? LEGEND + 6 : 0;
    return height + 3 * LEGEND;
}

void tl_svg(const struct timeline *t, FILE *out)
{
    const int width = 2 * MARGIN + NAMES + CHART, height = height_of(t);
    int y = TOP + (int)t->nlanes * LANE + MARGIN + 6;

    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
            "width=\"%d\" height=\"%d\" role=\"img\">\n<title>",
            width, height, width, height);
    escape_svg(out, t->title, 500);
    fputs("</title>\n", out);
    style(out);
    fputs("<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\n", out);
    put_line(out, "fg title", 36, t->title, 100);
    grid(t, out);
    for (size_t i = 0; i < t->nlanes; i++) {
        put_line(out, "fg", middle_of(i) + 5, t->lanes[i].name, 20);
        bars(t, i, out);
    }
    links(t, out);
    y = legend(t, out, y);
    put_line(out, "dim", y + 4,
             "Arrows down: created; arrows up: joined. Dotted: has ended and "
             "is not joined yet.",
             200);
    if (t->note)
        put_line(out, "fg", y + 4 + LEGEND, t->note, 150);
    fputs("</svg>\n", out);
}

/* text.c - the interleaving for a terminal, 80 columns or wider.
 *
 * Plain ASCII without colour, so that it reads the same in a mail or a log.
 * Where the columns would get too narrow, it becomes a list with the
 * thread's name in each row.
 */
#include "draw.h"

#include <string.h>

enum { NUMBER = 5, NARROWEST = 17, MOST_LINES = 12, CELL = 256 };

/* The lines of one cell. */
struct cell {
    char lines[MOST_LINES][CELL];
    size_t n;
};

/* Length of the piece of text that fits width, broken at a blank where one
 * is there. */
static size_t piece(const char *text, size_t width)
{
    size_t length = strlen(text), cut = width;

    if (length <= width)
        return length;
    while (cut > 0 && text[cut] != ' ')
        cut--;
    return cut > width / 3 ? cut : width;
}

static void cell_add(struct cell *c, const char *text, size_t width,
                     size_t most)
{
    const size_t first = c->n;

    if (width >= CELL)
        width = CELL - 1;
    while (*text && c->n < MOST_LINES) {
        const size_t length = piece(text, width);

        memcpy(c->lines[c->n], text, length);
        c->lines[c->n][length] = '\0';
        text += length;
        while (*text == ' ')
            text++;
        if (*text && c->n + 1 - first == most && length >= 3) {
            const size_t end = length > width - 3 ? width - 3 : length;

            memcpy(c->lines[c->n] + end, "...", 4);
            text = "";
        }
        c->n++;
    }
}

static void place(char *buffer, size_t size, const struct draw_step *s,
                  bool with_file)
{
    if (s->again)
        buffer[0] = '\0';
    else if (!s->line)
        snprintf(buffer, size, "%s", s->source ? s->source : "");
    else if (with_file && s->file)
        snprintf(buffer, size, "%s:%d: %s", s->file, s->line,
                 s->source ? s->source : "");
    else
        snprintf(buffer, size, "%d: %s", s->line, s->source ? s->source : "");
}

static bool one_file(const struct drawing *d)
{
    const char *file = NULL;

    for (size_t i = 0; i < d->nsteps; i++) {
        if (!d->steps[i].file)
            continue;
        if (file && strcmp(file, d->steps[i].file) != 0)
            return false;
        file = d->steps[i].file;
    }
    return true;
}

static void rule(FILE *out, size_t columns, size_t width)
{
    fprintf(out, "%.*s", NUMBER, "----------");
    for (size_t i = 0; i < columns; i++) {
        fputc('+', out);
        for (size_t k = 0; k < width + 1; k++)
            fputc('-', out);
    }
    fputc('\n', out);
}

static void row_line(FILE *out, const char *number, const char *text,
                     size_t column, size_t columns, size_t width)
{
    /* Only as far to the right as there is text: no blanks at line ends. */
    fprintf(out, "%-*s", NUMBER, number);
    for (size_t i = 0; i < columns; i++) {
        if (i == column)
            fprintf(out, i + 1 < columns ? "| %-*s" : "| %.0d%s",
                    i + 1 < columns ? (int)width : 0, text);
        else
            fprintf(out, i + 1 < columns ? "| %-*s" : "|%.0d%s",
                    i + 1 < columns ? (int)width : 0, "");
    }
    fputc('\n', out);
}

static void text_row(const struct drawing *d, const struct draw_step *s,
                     FILE *out, size_t width, bool with_file)
{
    struct cell cell = {.n = 0};
    char where[512], number[16];

    cell_add(&cell, s->text, width, MOST_LINES);
    if (s->holds)
        cell_add(&cell, s->holds, width, 2);
    place(where, sizeof where, s, with_file);
    cell_add(&cell, where, width, 2);
    for (size_t i = 0; i < cell.n; i++) {
        snprintf(number, sizeof number, i ? "" : "%3d%s", s->number,
                 s->finding ? "*" : "");
        row_line(out, number, cell.lines[i], s->column, d->nthreads, width);
    }
}

static void text_switch(const struct drawing *d, const struct draw_step *s,
                        FILE *out, int width)
{
    struct cell cell = {.n = 0};
    char line[512];

    if (!s->why)
        return;
    snprintf(line, sizeof line, "-> %s: %s",
             draw_thread_name(&d->threads[s->column]), s->why);
    cell_add(&cell, line, (size_t)width - NUMBER - 2, 3);
    for (size_t i = 0; i < cell.n; i++)
        fprintf(out, "%*s%s%s\n", NUMBER, "", i ? "   " : "", cell.lines[i]);
}

static void text_columns(const struct drawing *d, FILE *out, int width)
{
    const size_t n = d->nthreads;
    const size_t cell = ((size_t)width - NUMBER) / n - 2;
    const bool with_file = !one_file(d);

    fprintf(out, "%-*s", NUMBER, "step");
    for (size_t i = 0; i < n; i++) {
        const char *name = draw_thread_name(&d->threads[i]);

        if (i + 1 < n)
            fprintf(out, "| %-*.*s", (int)cell, (int)cell, name);
        else
            fprintf(out, "| %.*s", (int)cell, name);
    }
    fputc('\n', out);
    rule(out, n, cell);
    for (size_t i = 0; i < d->nsteps; i++) {
        text_switch(d, &d->steps[i], out, width);
        text_row(d, &d->steps[i], out, cell, with_file);
    }
    rule(out, n, cell);
}

static void text_list(const struct drawing *d, FILE *out, int width)
{
    const bool with_file = !one_file(d);

    for (size_t i = 0; i < d->nsteps; i++) {
        const struct draw_step *s = &d->steps[i];
        struct cell cell = {.n = 0};
        char where[512];

        text_switch(d, s, out, width);
        cell_add(&cell, s->text, (size_t)width - 22, MOST_LINES);
        if (s->holds)
            cell_add(&cell, s->holds, (size_t)width - 22, 2);
        place(where, sizeof where, s, with_file);
        cell_add(&cell, where, (size_t)width - 22, 2);
        for (size_t k = 0; k < cell.n; k++) {
            if (k == 0)
                fprintf(out, "%3d%-2s %-15.15s %s\n", s->number,
                        s->finding ? "*" : "",
                        draw_thread_name(&d->threads[s->column]),
                        cell.lines[k]);
            else
                fprintf(out, "%22s%s\n", "", cell.lines[k]);
        }
    }
}

static void paragraph(FILE *out, const char *text, int indent, int width)
{
    struct cell cell = {.n = 0};

    cell_add(&cell, text, (size_t)(width - indent - 2), MOST_LINES);
    for (size_t i = 0; i < cell.n; i++)
        fprintf(out, "%*s%s%s\n", indent, "", i && indent ? "  " : "",
                cell.lines[i]);
}

static void text_end(const struct drawing *d, FILE *out, int width)
{
    if (d->end)
        paragraph(out, d->end, 0, width);
    for (size_t i = 0; i < d->nwaits; i++) {
        const struct draw_wait *w = &d->waits[i];
        const struct draw_thread *waiter = draw_thread_of(d, w->thread);
        const struct draw_thread *holder = draw_thread_of(d, w->holder);
        char line[16] = "", edge[512];

        if (w->line)
            snprintf(line, sizeof line, " (line %d)", w->line);
        snprintf(edge, sizeof edge, "%s%s%s%s --waits for--> %s%s%s",
                 waiter ? draw_thread_name(waiter) : "a thread", line,
                 w->holds ? " " : "", w->holds ? w->holds : "",
                 w->join && holder ? "the end of " : w->object,
                 holder && !w->join ? " --held by--> " : "",
                 holder ? draw_thread_name(holder) : "");
        paragraph(out, edge, 2, width);
    }
}

void draw_text(const struct drawing *d, FILE *out, int width)
{
    bool starred = false;

    if (width < 60)
        width = 60;
    if (width > 250)
        width = 250;
    paragraph(out, d->title, 0, width);
    fputc('\n', out);
    if (d->nthreads > 0 &&
        ((size_t)width - NUMBER) / d->nthreads >= NARROWEST + 2)
        text_columns(d, out, width);
    else
        text_list(d, out, width);
    text_end(d, out, width);
    for (size_t i = 0; i < d->nsteps; i++)
        starred |= d->steps[i].finding;
    if (starred)
        fprintf(out, "* a step that the finding names\n");
}

/* text.c - the timeline for a terminal, 80 columns or wider.
 *
 * Plain ASCII: each state has a character of its own, so that it needs no
 * colour and reads the same in a mail or a log.
 */
#include "timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 16, WIDEST = 240 };

static const char signs[TL_STATES] = {
    [TL_NONE] = ' ', [TL_RUNNING] = '=', [TL_READY] = '-',     [TL_LOCK] = 'L',
    [TL_IO] = '~',   [TL_SLEEP] = 'z',   [TL_CONDITION] = 'c', [TL_JOIN] = '.',
};

static const char *const heads[TL_STATES] = {
    [TL_RUNNING] = "run", [TL_READY] = "ready",    [TL_LOCK] = "lock",
    [TL_IO] = "io",       [TL_CONDITION] = "cond", [TL_JOIN] = "join",
    [TL_SLEEP] = "sleep",
};

/* The name within NAME columns, the last of them blank; control characters as a
 * question mark. */
static void put_name(FILE *out, const char *name)
{
    for (int i = 0; i < NAME; i++) {
        const unsigned char c = (unsigned char)*name;

        fputc(!c || i + 1 == NAME ? ' ' : c < 0x20 || c > 0x7e ? '?' : c, out);
        if (c)
            name++;
    }
}

static void put_text(FILE *out, const char *text)
{
    for (; *text; text++)
        fputc((unsigned char)*text < 0x20 ? '?' : *text, out);
}

static size_t column(const struct timeline *t, double at, size_t n)
{
    const size_t i = (size_t)(at / t->end * (double)n);

    return i < n ? i : n - 1;
}

static void axis(const struct timeline *t, FILE *out, size_t n)
{
    const struct tl_unit unit = tl_unit(t);
    const double length = t->end * unit.per_ms;
    const double step = tl_tick(length, (int)(n / 12));
    char line[WIDEST + 32];

    memset(line, ' ', sizeof line);
    for (double at = 0; at <= length; at += step) {
        char number[24];
        const int k = snprintf(number, sizeof number, "%.10g%s%s", at,
                               at > 0 ? "" : " ", at > 0 ? "" : unit.name);
        const size_t i = column(t, at / unit.per_ms, n);

        if (i + (size_t)k <= n)
            memcpy(line + i, number, (size_t)k);
    }
    for (line[n] = '\0'; n && line[n - 1] == ' ';)
        line[--n] = '\0';
    fprintf(out, "%*s%s\n", NAME, "", line);
}

/* The signs of one lane: its states, then where it was created, ended and
 * joined over them. */
static void signs_of(const struct timeline *t, size_t i, char *row, size_t n)
{
    const struct tl_lane *lane = &t->lanes[i];
    enum tl_state cells[WIDEST];

    tl_cells(t, i, cells, n);
    for (size_t k = 0; k < n; k++)
        row[k] = signs[cells[k]];
    row[n] = '\0';
    if (lane->created >= 0)
        row[column(t, lane->created, n)] = '(';
    if (lane->joined >= 0) {
        size_t to = column(t, lane->joined, n);

        if (row[to] == '(' && to + 1 < n)
            to++;
        for (size_t k = to; k-- > 0 && row[k] == ' ';)
            row[k] = '_';
        row[to] = ')';
    }
}

static void put_row(FILE *out, const struct timeline *t, size_t i, size_t n)
{
    char row[WIDEST + 1];

    signs_of(t, i, row, n);
    for (size_t k = n; k > 0 && row[k - 1] == ' ';)
        row[--k] = '\0';
    put_name(out, t->lanes[i].name);
    fprintf(out, "%s\n", row);
}

static bool used(const struct timeline *t, enum tl_state state)
{
    for (size_t i = 0; i < t->nlanes; i++)
        if (t->lanes[i].spent[state] > 0)
            return true;
    return false;
}

static void legend(const struct timeline *t, FILE *out)
{
    bool created = false, joined = false, left = false;

    for (size_t i = 0; i < t->nlanes; i++) {
        created |= t->lanes[i].created >= 0;
        joined |= t->lanes[i].joined >= 0;
        left |= t->lanes[i].joined > t->lanes[i].end;
    }
    fputc('\n', out);
    for (int s = TL_RUNNING; s < TL_STATES; s++)
        if (used(t, (enum tl_state)s))
            fprintf(out, "%c  %s\n", signs[s],
                    tl_state_words((enum tl_state)s));
    if (created)
        fputs("(  created\n", out);
    if (joined)
        fputs(")  joined\n", out);
    if (left)
        fputs("_  has ended, and nobody has joined it yet\n", out);
}

static void put_time(FILE *out, double ms, struct tl_unit unit)
{
    const double value = ms * unit.per_ms;

    fprintf(out, " %7.*f", value < 100 && value > 0 ? 1 : 0, value);
}

/* How long each lane was in each state. */
static void table(const struct timeline *t, FILE *out)
{
    const struct tl_unit unit = tl_unit(t);

    fprintf(out, "\n%-*s %7s", NAME, unit.name, "lives");
    for (int s = TL_RUNNING; s < TL_STATES; s++)
        if (used(t, (enum tl_state)s))
            fprintf(out, " %7s", heads[s]);
    fputc('\n', out);
    for (size_t i = 0; i < t->nlanes; i++) {
        const struct tl_lane *lane = &t->lanes[i];

        put_name(out, lane->name);
        put_time(out, lane->begin < 0 ? 0 : lane->end - lane->begin, unit);
        for (int s = TL_RUNNING; s < TL_STATES; s++)
            if (used(t, (enum tl_state)s))
                put_time(out, lane->spent[s], unit);
        fputc('\n', out);
    }
}

void tl_text(const struct timeline *t, FILE *out, int width)
{
    size_t n;

    if (width < 60)
        width = 60;
    if (width > WIDEST)
        width = WIDEST;
    n = (size_t)width - NAME;
    put_text(out, t->title);
    fputs("\n\n", out);
    axis(t, out, n);
    for (size_t i = 0; i < t->nlanes; i++)
        put_row(out, t, i, n);
    legend(t, out);
    table(t, out);
    if (t->note) {
        fputc('\n', out);
        put_text(out, t->note);
        fputc('\n', out);
    }
}

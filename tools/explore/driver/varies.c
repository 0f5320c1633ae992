/* See varies.h. */
#include "varies.h"

#include <stdlib.h>
#include <string.h>

static int by_line(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of a text, sorted; NULL behind the last. */
static char **sorted_lines(char *text)
{
    size_t n = 0, room = 1;
    char **lines, *save = NULL;

    for (const char *p = text; *p; p++)
        room += *p == '\n';
    lines = calloc(room + 1, sizeof *lines);
    if (!lines)
        exit(70);
    for (char *p = strtok_r(text, "\n", &save); p;
         p = strtok_r(NULL, "\n", &save))
        lines[n++] = p;
    qsort(lines, n, sizeof *lines, by_line);
    return lines;
}

static bool same_lines(const struct outcome *a, const struct outcome *b)
{
    char *x = strdup(a->out), *y = strdup(b->out);
    char **v, **w;
    size_t i = 0;
    bool same;

    if (!x || !y)
        exit(70);
    v = sorted_lines(x);
    w = sorted_lines(y);
    while (v[i] && w[i] && !strcmp(v[i], w[i]))
        i++;
    same = !v[i] && !w[i];
    free(v);
    free(w);
    free(x);
    free(y);
    return same;
}

static bool ended(const struct outcome *o)
{
    return !strncmp(o->end, "exit ", 5);
}

/* The first line in which two texts differ, counted from 1, and a copy of it
 * from each. */
static unsigned first_difference(const struct outcome *a,
                                 const struct outcome *b, char *x, char *y,
                                 size_t size)
{
    const char *p = a->out, *q = b->out;
    unsigned line = 1;

    for (;;) {
        size_t m = strcspn(p, "\n"), n = strcspn(q, "\n");

        if (m != n || memcmp(p, q, m) || !p[m] || !q[n]) {
            snprintf(x, size, "%.*s", (int)(m < size ? m : size - 1), p);
            snprintf(y, size, "%.*s", (int)(n < size ? n : size - 1), q);
            return line;
        }
        p += m + 1;
        q += n + 1;
        line++;
    }
}

void varies_judge(const struct report *r, struct judge *j, bool must)
{
    const struct outcome *first = NULL, *other = NULL;
    struct finding *f;
    char x[120], y[120];
    unsigned line;
    bool order = true;

    for (size_t i = 0; i < r->noutcomes; i++) {
        const struct outcome *o = &r->outcomes[i];

        if (!ended(o))
            continue;
        if (!first)
            first = o;
        else if (o->length != first->length ||
                 memcmp(o->out, first->out, o->length)) {
            other = other ? other : o;
            order = order && same_lines(first, o);
        }
    }
    if (!other)
        return;
    line = first_difference(first, other, x, y, sizeof x);
    f = judge_new(j, RX_WRONG_OUTPUT, !must);
    finding_message(f,
                    "%s: line %u is \"%s\" in one "
                    "interleaving and \"%s\" in another",
                    order ? "the order of the lines that are printed varies"
                          : "the output is not the same in every run",
                    line, x, y);
    finding_set(&f->replay, other->replay);
    judge_put_late(j, f);
}

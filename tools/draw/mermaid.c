/* mermaid.c - the interleaving as a Mermaid sequence diagram, for Markdown.
 *
 * A step is a note over its thread's line; a hand-over is an arrow.
 */
#include "draw.h"

#include <ctype.h>

/* Mermaid reads ; and # as syntax, and < > as HTML. */
static void escaped(FILE *out, const char *text)
{
    for (; text && *text; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c == ';' || c == '#' || c == '<' || c == '>' || c == '&' ||
            c == '"' || c == '{' || c == '}')
            fprintf(out, "#%u;", c);
        else if (iscntrl(c))
            fputc(' ', out);
        else
            fputc(c, out);
    }
}

void draw_mermaid(const struct drawing *d, FILE *out)
{
    fputs("sequenceDiagram\n", out);
    for (size_t i = 0; i < d->nthreads; i++) {
        fprintf(out, "    participant T%d as ", d->threads[i].id);
        escaped(out, draw_thread_name(&d->threads[i]));
        fputc('\n', out);
    }
    for (size_t i = 0; i < d->nsteps; i++) {
        const struct draw_step *s = &d->steps[i];
        const int id = d->threads[s->column].id;

        if (s->why && i > 0) {
            fprintf(out,
                    "    T%d-->>T%d: ", d->threads[d->steps[i - 1].column].id,
                    id);
            escaped(out, s->why);
            fputc('\n', out);
        }
        fprintf(out, "    Note over T%d: %d%s ", id, s->number,
                s->finding ? " (!)" : "");
        escaped(out, s->text);
        if (s->holds) {
            fputs("<br/>", out);
            escaped(out, s->holds);
        }
        if (s->line && !s->again) {
            fprintf(out, "<br/>line %d: ", s->line);
            escaped(out, s->source ? s->source : "");
        }
        fputc('\n', out);
    }
    if (d->end && d->nthreads) {
        fprintf(out, "    Note over T%d", d->threads[0].id);
        if (d->nthreads > 1)
            fprintf(out, ",T%d", d->threads[d->nthreads - 1].id);
        fputs(": ", out);
        escaped(out, d->end);
        fputc('\n', out);
    }
}

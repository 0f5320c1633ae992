/* html.c - the interleaving as one page that needs nothing else.
 *
 * Everything is in the page as plain HTML, so that it can be read without
 * JavaScript; page.js then moves through the same steps.  What comes from the
 * program is escaped everywhere, and the page's policy lets no other script
 * run than ours and nothing be fetched.
 */
#include "draw.h"
#include "page.h"

#include <jansson.h>
#include <string.h>

static void escaped(FILE *out, const char *text)
{
    for (; text && *text; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c == '<')
            fputs("&lt;", out);
        else if (c == '>')
            fputs("&gt;", out);
        else if (c == '&')
            fputs("&amp;", out);
        else if (c == '"')
            fputs("&quot;", out);
        else if (c == '\'')
            fputs("&#39;", out);
        else
            fputc(c < 0x20 && c != '\t' ? ' ' : c, out);
    }
}

/* before, the text escaped, after. */
static void put(FILE *out, const char *before, const char *text,
                const char *after)
{
    fputs(before, out);
    escaped(out, text);
    fputs(after, out);
}

static void head(const struct drawing *d, FILE *out)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
          "<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\""
          "default-src 'none'; base-uri 'none'; form-action 'none'; "
          "script-src 'sha256-" PAGE_JS_SHA256 "'; "
          "style-src 'sha256-" PAGE_CSS_SHA256 "'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n",
          out);
    put(out, "<title>", d->title, ", step by step</title>\n<style>");
    fwrite(page_css, 1, sizeof page_css, out);
    fputs("</style>\n</head>\n<body>\n", out);
}

static void ending(const struct drawing *d, FILE *out)
{
    fputs("<header>\n", out);
    put(out, "<h1>", d->title, ", step by step</h1>\n");
    if (d->end || d->nwaits) {
        fputs("<div class=\"end\">\n", out);
        put(out, "<p>How it ends: ", d->end ? d->end : "nobody can go on",
            "</p>\n");
        if (d->nwaits)
            fputs("<ul>\n", out);
        for (size_t i = 0; i < d->nwaits; i++) {
            put(out, "<li>", draw_wait_words(d, &d->waits[i]), "</li>\n");
        }
        fputs(d->nwaits ? "</ul>\n</div>\n" : "</div>\n", out);
    }
    fputs("<p class=\"script dim\" hidden>Keys: <kbd>\342\206\220</kbd> one "
          "step back, <kbd>\342\206\222</kbd> one forward, <kbd>Home</kbd> "
          "the first, <kbd>End</kbd> the last.</p>\n"
          "<noscript><p>Without JavaScript the page does not move; the table "
          "below has every step.</p></noscript>\n</header>\n",
          out);
}

static void player(const struct drawing *d, FILE *out)
{
    fprintf(out,
            "<section id=\"player\" class=\"script\" hidden "
            "aria-label=\"Go through the steps\">\n"
            "<div class=\"controls\">\n"
            "<button id=\"first\" type=\"button\">First</button>\n"
            "<button id=\"back\" type=\"button\">Back</button>\n"
            "<button id=\"forward\" type=\"button\">Forward</button>\n"
            "<button id=\"last\" type=\"button\">Last</button>\n"
            "<label>Step <input id=\"step\" type=\"range\" min=\"1\" "
            "max=\"%zu\" value=\"1\"></label>\n</div>\n"
            "<p id=\"now\" aria-live=\"polite\" aria-atomic=\"true\"></p>\n"
            "</section>\n",
            d->nsteps ? d->nsteps : 1);
}

/* A panel with a table that the script fills. */
static void table(FILE *out, const char *id, const char *title,
                  const char *heads)
{
    fprintf(out,
            "<section class=\"script\" hidden>\n<h2 id=\"%s-title\">%s</h2>\n"
            "<table id=\"%s\" aria-labelledby=\"%s-title\">\n"
            "<thead><tr>%s</tr></thead>\n<tbody></tbody>\n</table>\n"
            "</section>\n",
            id, title, id, id, heads);
}

static void panels(FILE *out)
{
    table(out, "threads", "Threads",
          "<th scope=\"col\">thread</th><th scope=\"col\">now</th>"
          "<th scope=\"col\">stands at</th>");
    table(out, "locks", "Locks held",
          "<th scope=\"col\">lock</th><th scope=\"col\">held by</th>"
          "<th scope=\"col\">since</th>");
    table(out, "variables", "Shared variables",
          "<th scope=\"col\">variable</th><th scope=\"col\">value</th>"
          "<th scope=\"col\">last used</th>");
    fputs("<section class=\"script\" hidden>\n<h2>Who waits for whom</h2>\n"
          "<figure>\n<div id=\"picture\"></div>\n"
          "<figcaption id=\"legend\">Solid arrow: waits for. Dashed arrow: "
          "held by. Square corners: threads.</figcaption>\n</figure>\n"
          "<p id=\"loop\"><span class=\"bug\">circle</span> These threads wait "
          "for each other (thick lines).</p>\n"
          "<ul id=\"waiting\"></ul>\n"
          "<p id=\"nobody\" class=\"dim\">Nobody waits.</p>\n</section>\n",
          out);
}

static void source(FILE *out, const char *file, const json_t *lines)
{
    size_t i;
    const json_t *line;

    put(out, "<section class=\"file\" data-file=\"", file, "\">\n");
    put(out, "<h3>", file, "</h3>\n");
    put(out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"",
        file, "\"><pre>");
    json_array_foreach (lines, i, line) {
        fprintf(out,
                "<span class=\"line\"><span class=\"who\"></span>"
                "<span class=\"no\">%zu</span>",
                i + 1);
        put(out, "<span>", json_string_value(line), "\n</span></span>");
    }
    fputs("</pre></div>\n</section>\n", out);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void sources(const struct drawing *d, FILE *out)
{
    json_t *all = json_object_get(d->owner, "sources");
    const char *file;
    json_t *lines;

    fputs("<section>\n<h2>Source</h2>\n", out);
    json_object_foreach (all, file, lines) {
        if (json_array_size(lines))
            source(out, base_name(file), lines);
    }
    fputs("</section>\n", out);
}

static void row(const struct drawing *d, size_t i, FILE *out)
{
    const struct draw_step *s = &d->steps[i];
    const size_t n = i + 1;

    fprintf(out,
            "<tr id=\"row-%zu\"><th scope=\"row\"><a href=\"#row-%zu\">%zu"
            "</a></th>",
            n, n, n);
    put(out, "<td class=\"thread\">", draw_thread_name(&d->threads[s->column]),
        "</td>");
    put(out, "<td>", s->text,
        s->finding ? " <span class=\"bug\">part of the bug</span></td>"
                   : "</td>");
    fputs("<td class=\"place\">", out);
    if (s->line) {
        escaped(out, s->file ? s->file : "line");
        fprintf(out, ":%d", s->line);
    }
    put(out, "</td><td><code>", s->source, "</code></td>");
    put(out, "<td>", s->why, "</td></tr>\n");
}

static void all_steps(const struct drawing *d, FILE *out)
{
    fputs("<section id=\"steps\">\n<h2 id=\"steps-title\">All steps</h2>\n"
          "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
          "aria-labelledby=\"steps-title\">\n"
          "<table aria-labelledby=\"steps-title\">\n"
          "<thead><tr><th scope=\"col\">step</th>"
          "<th scope=\"col\">thread</th><th scope=\"col\">does</th>"
          "<th scope=\"col\">where</th><th scope=\"col\">source</th>"
          "<th scope=\"col\">why control came here</th></tr></thead>\n"
          "<tbody>\n",
          out);
    for (size_t i = 0; i < d->nsteps; i++)
        row(d, i, out);
    fputs("</tbody>\n</table>\n</div>\n</section>\n", out);
}

/* JSON inside of a script element: no < may begin an end tag or a comment.
 * These characters are only ever inside of strings. */
static int json_escaped(const char *buffer, size_t size, void *out)
{
    for (size_t i = 0; i < size; i++) {
        const char c = buffer[i];

        if (c == '<' || c == '>' || c == '&')
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
    return 0;
}

static void data(const struct drawing *d, FILE *out)
{
    json_t *story = json_copy(d->owner);

    json_object_del(story, "sources");
    fputs("<script type=\"application/json\" id=\"story\">", out);
    json_dump_callback(story, json_escaped, out,
                       JSON_COMPACT | JSON_ENSURE_ASCII | JSON_PRESERVE_ORDER);
    fputs("</script>\n<script>", out);
    fwrite(page_js, 1, sizeof page_js, out);
    fputs("</script>\n", out);
    json_decref(story);
}

void draw_html(const struct drawing *d, FILE *out)
{
    head(d, out);
    ending(d, out);
    fputs("<main>\n", out);
    player(d, out);
    fputs("<div class=\"panels\">\n<div>\n", out);
    sources(d, out);
    fputs("</div>\n<div>\n", out);
    panels(out);
    fputs("</div>\n</div>\n", out);
    all_steps(d, out);
    fputs("</main>\n", out);
    data(d, out);
    fputs("</body>\n</html>\n", out);
}

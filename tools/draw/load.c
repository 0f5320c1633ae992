/* load.c - reads the interleaving object; says what is wrong with a bad one.
 *
 * Strings stay inside the parsed JSON, which the drawing owns.
 */
#include "draw.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && *text ? text : NULL;
}

static int number_of(const json_t *object, const char *key, int otherwise)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? (int)json_integer_value(value) : otherwise;
}

/* A path in a cell wastes the cell: the directory is the same everywhere. */
static const char *base_name(const char *path)
{
    const char *name = path;

    if (!path)
        return NULL;
    for (; *path; path++)
        if (*path == '/' && path[1])
            name = path + 1;
    return name;
}

static bool names(const json_t *list, const char *key, int id)
{
    size_t i;
    const json_t *item;

    json_array_foreach (list, i, item) {
        if (number_of(item, key, -1) == id)
            return true;
    }
    return false;
}

static bool takes_part(int id, const json_t *steps, const json_t *waits)
{
    return names(steps, "thread", id) || names(waits, "thread", id) ||
           names(waits, "holder", id);
}

static void load_threads(struct drawing *d, const json_t *threads,
                         const json_t *steps, const json_t *waits)
{
    size_t i;
    const json_t *item;

    json_array_foreach (threads, i, item) {
        int id = number_of(item, "id", (int)i);
        const char *name = text_of(item, "name");

        if (takes_part(id, steps, waits))
            d->threads[d->nthreads++] =
                (struct draw_thread){id, name ? name : "thread"};
    }
}

static bool column_of(const struct drawing *d, int id, size_t *column)
{
    for (size_t i = 0; i < d->nthreads; i++)
        if (d->threads[i].id == id) {
            *column = i;
            return true;
        }
    return false;
}

/* "holding a, b": the locks of a thread after step `item` (NULL: before the
 * first), kept by the drawing; NULL where there is nothing to say. */
static const char *holding(struct drawing *d, const json_t *item, int thread)
{
    const json_t *lock;
    char *text = NULL;
    size_t i, size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    json_array_foreach (json_object_get(item, "locks"), i, lock) {
        const char *name = text_of(lock, "object");

        if (name && number_of(lock, "thread", -1) == thread)
            fprintf(out, "%s%s", ftell(out) > 0 ? ", " : "holding ", name);
    }
    fclose(out);
    d->made[d->nmade++] = text;
    return text && *text ? text : NULL;
}

/* Where a lock is held matters when another is taken, and at the finding. */
static bool tells_holds(const struct draw_step *s, const json_t *item)
{
    const char *op = text_of(item, "op");

    return s->finding || (op && strstr(op, "lock") && !strstr(op, "unlock"));
}

static bool same_line(const struct draw_step *a, const struct draw_step *b)
{
    return a->column == b->column && a->line && a->line == b->line && !b->why &&
           a->file && b->file && !strcmp(a->file, b->file);
}

static bool load_steps(struct drawing *d, const json_t *steps, char *message,
                       size_t size)
{
    size_t i;
    const json_t *item;

    json_array_foreach (steps, i, item) {
        struct draw_step *s = &d->steps[d->nsteps++];
        int id = number_of(item, "thread", -1);

        if (!column_of(d, id, &s->column)) {
            snprintf(message, size, "step %zu is of thread %d, not listed",
                     i + 1, id);
            return false;
        }
        s->number = number_of(item, "n", (int)i + 1);
        s->text = text_of(item, "text");
        if (!s->text)
            s->text = text_of(item, "op");
        if (!s->text)
            s->text = "a step";
        s->file = base_name(text_of(item, "file"));
        s->line = number_of(item, "line", 0);
        s->source = text_of(item, "source");
        s->why = text_of(item, "switch");
        s->finding = json_is_true(json_object_get(item, "finding"));
        if (i && tells_holds(s, item))
            s->holds = holding(d, json_array_get(steps, i - 1), id);
        s->again = i && same_line(s - 1, s);
    }
    return true;
}

static void load_waits(struct drawing *d, const json_t *waits,
                       const json_t *steps)
{
    const size_t n = json_array_size(steps);
    const json_t *last = n ? json_array_get(steps, n - 1) : NULL;
    size_t i;
    const json_t *item;

    json_array_foreach (waits, i, item) {
        const char *object = text_of(item, "object");

        d->waits[d->nwaits++] =
            (struct draw_wait){number_of(item, "thread", 0),
                               number_of(item, "holder", -1),
                               object ? object : "something",
                               number_of(item, "line", 0),
                               json_is_true(json_object_get(item, "join")),
                               holding(d, last, number_of(item, "thread", 0))};
    }
}

bool drawing_load(struct drawing *d, FILE *in, char *message, size_t size)
{
    json_error_t error;
    json_t *root = json_loadf(in, JSON_DISABLE_EOF_CHECK, &error);
    const json_t *threads = json_object_get(root, "threads");
    const json_t *steps = json_object_get(root, "steps");
    const json_t *end = json_object_get(root, "end");
    const json_t *waits = json_object_get(end, "waits");

    *d = (struct drawing){.owner = root};
    if (!root) {
        snprintf(message, size, "not JSON, line %d: %s", error.line,
                 error.text);
        return false;
    }
    if (!json_is_array(threads) || !json_is_array(steps)) {
        snprintf(message, size, "no \"threads\" and \"steps\" in the object");
        return false;
    }
    d->threads = calloc(json_array_size(threads) + 1, sizeof *d->threads);
    d->steps = calloc(json_array_size(steps) + 1, sizeof *d->steps);
    d->waits = calloc(json_array_size(waits) + 1, sizeof *d->waits);
    d->made = calloc(json_array_size(steps) + json_array_size(waits) + 1,
                     sizeof *d->made);
    if (!d->threads || !d->steps || !d->waits || !d->made) {
        snprintf(message, size, "out of memory");
        return false;
    }
    d->title = text_of(root, "title");
    if (!d->title)
        d->title = "interleaving";
    d->end = text_of(end, "message");
    load_threads(d, threads, steps, waits);
    load_waits(d, waits, steps);
    return load_steps(d, steps, message, size);
}

void drawing_free(struct drawing *d)
{
    free(d->threads);
    free(d->steps);
    free(d->waits);
    for (size_t i = 0; i < d->nmade; i++)
        free(d->made[i]);
    free(d->made);
    json_decref(d->owner);
}

const char *draw_thread_name(const struct draw_thread *t)
{
    static char names[4][80];
    static unsigned turn;
    char *name = names[turn++ % 4];

    if (t->id == 0)
        snprintf(name, sizeof names[0], "main");
    else
        snprintf(name, sizeof names[0], "%d %s", t->id, t->name);
    return name;
}

const struct draw_thread *draw_thread_of(const struct drawing *d, int id)
{
    for (size_t i = 0; i < d->nthreads; i++)
        if (d->threads[i].id == id)
            return &d->threads[i];
    return NULL;
}

const char *draw_wait_words(const struct drawing *d, const struct draw_wait *w)
{
    static char words[512];
    const struct draw_thread *waiter = draw_thread_of(d, w->thread);
    const struct draw_thread *holder = draw_thread_of(d, w->holder);
    const char *who = holder ? draw_thread_name(holder) : "";
    char line[16] = "";

    if (w->line)
        snprintf(line, sizeof line, " (line %d)", w->line);
    snprintf(words, sizeof words, "%s%s%s%s waits for %s%s%s",
             waiter ? draw_thread_name(waiter) : "a thread", line,
             w->holds ? " " : "", w->holds ? w->holds : "",
             w->join && holder ? "the end of " : w->object,
             holder && !w->join ? ", held by " : "",
             w->join || holder ? who : "");
    return words;
}

/*
 * Findings as JSON Lines. Only builds and prints; which findings exist and
 * what they mean is the business of those who call.
 */
#include "finding.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
    if (!p) {
        fputs("racelab: out of memory\n", stderr);
        exit(70);
    }
    return p;
}

static char *copy(const char *s)
{
    return s ? must(strdup(s)) : NULL;
}

struct finding *finding_new(const char *kind, const char *severity,
                            const char *detector)
{
    struct finding *f = must(calloc(1, sizeof *f));

    f->kind = copy(kind);
    f->severity = copy(severity);
    f->detector = copy(detector);
    return f;
}

void finding_free(struct finding *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->nthreads; i++) {
        struct finding_thread *t = &f->threads[i];

        for (size_t k = 0; k < t->nlocks; k++)
            free(t->locks[k]);
        free(t->locks);
        free(t->role);
        free(t->op);
        free(t->file);
        free(t->function);
        free(t->object);
    }
    free(f->threads);
    free(f->cycle);
    free(f->kind);
    free(f->severity);
    free(f->detector);
    free(f->message);
    free(f->variable);
    free(f->expected);
    free(f->got);
    free(f->replay);
    free(f);
}

void finding_set(char **field, const char *value)
{
    char *old = *field;

    *field = copy(value);
    free(old);
}

static char *print_text(const char *format, va_list args)
{
    char *text = NULL;

    if (vasprintf(&text, format, args) < 0)
        must(NULL);
    return text;
}

void finding_message(struct finding *f, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = print_text(format, args);
    va_end(args);
    free(f->message);
    f->message = text;
}

void finding_message_add(struct finding *f, const char *format, ...)
{
    va_list args;
    char *more;
    char *all = NULL;

    va_start(args, format);
    more = print_text(format, args);
    va_end(args);
    if (asprintf(&all, "%s%s", f->message ? f->message : "", more) < 0)
        must(NULL);
    free(more);
    free(f->message);
    f->message = all;
}

struct finding_thread *finding_add_thread(struct finding *f, int id,
                                          const char *role, const char *op)
{
    struct finding_thread *t;

    f->threads =
        must(reallocarray(f->threads, f->nthreads + 1, sizeof *f->threads));
    t = &f->threads[f->nthreads++];
    memset(t, 0, sizeof *t);
    t->id = id;
    t->role = copy(role);
    t->op = copy(op);
    return t;
}

void finding_place(struct finding_thread *t, const char *file, int line,
                   const char *function)
{
    const char *slash = file ? strrchr(file, '/') : NULL;

    finding_set(&t->file, slash ? slash + 1 : file);
    t->line = line;
    finding_set(&t->function, function);
}

void finding_add_lock(struct finding_thread *t, const char *name)
{
    t->locks = must(reallocarray(t->locks, t->nlocks + 1, sizeof *t->locks));
    t->locks[t->nlocks++] = copy(name);
}

void finding_add_cycle(struct finding *f, int id)
{
    f->cycle = must(reallocarray(f->cycle, f->ncycle + 1, sizeof *f->cycle));
    f->cycle[f->ncycle++] = id;
}

/* Length of the well-formed UTF-8 sequence at s, or 0. */
static size_t utf8_length(const unsigned char *s, size_t left)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = s[0] < 0x80             ? 1
               : (s[0] & 0xe0) == 0xc0 ? 2
               : (s[0] & 0xf0) == 0xe0 ? 3
               : (s[0] & 0xf8) == 0xf0 ? 4
                                       : 0;
    unsigned code;

    if (n < 2 || n > left)
        return n == 1 ? 1 : 0;
    code = s[0] & (0x7f >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (s[i] & 0x3f);
    }
    if (code < least[n] || code > 0x10ffff ||
        (code >= 0xd800 && code <= 0xdfff))
        return 0;
    return n;
}

json_t *finding_string(const char *bytes, size_t length)
{
    const unsigned char *s = (const unsigned char *)bytes;
    char *clean = must(malloc(length * 3 + 1));
    size_t out = 0;
    json_t *string;

    for (size_t i = 0; i < length;) {
        size_t n = s[i] ? utf8_length(s + i, length - i) : 0;

        if (n) {
            memcpy(clean + out, s + i, n);
            out += n;
            i += n;
        } else {
            memcpy(clean + out, "\xef\xbf\xbd", 3);
            out += 3;
            i++;
        }
    }
    string = must(json_stringn(clean, out));
    free(clean);
    return string;
}

json_t *finding_cstring(const char *text)
{
    return text ? finding_string(text, strlen(text)) : json_null();
}

static void put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value))
        must(NULL);
}

static json_t *thread_json(const struct finding_thread *t)
{
    json_t *object = must(json_object());
    json_t *locks = must(json_array());

    put(object, "id", json_integer(t->id));
    put(object, "role", finding_cstring(t->role));
    put(object, "op", finding_cstring(t->op));
    put(object, "file", finding_cstring(t->file));
    put(object, "line", t->line > 0 ? json_integer(t->line) : json_null());
    put(object, "function", finding_cstring(t->function));
    put(object, "object", finding_cstring(t->object));
    for (size_t i = 0; i < t->nlocks; i++)
        json_array_append_new(locks, finding_cstring(t->locks[i]));
    put(object, "locks", locks);
    return object;
}

static void put_optional(json_t *object, const char *key, const char *text)
{
    if (text)
        put(object, key, finding_cstring(text));
}

static bool complete(const struct finding *f)
{
    if (!f->kind || !f->severity || !f->detector || !*f->detector ||
        !f->message || !*f->message)
        return false;
    for (size_t i = 0; i < f->nthreads; i++) {
        if (!f->threads[i].op)
            return false;
    }
    return true;
}

json_t *finding_json(const struct finding *f)
{
    json_t *object;
    json_t *threads;

    if (!complete(f))
        return NULL;
    object = must(json_object());
    threads = must(json_array());
    put(object, "type", json_string("finding"));
    put(object, "kind", finding_cstring(f->kind));
    put(object, "severity", finding_cstring(f->severity));
    put(object, "detector", finding_cstring(f->detector));
    put(object, "message", finding_cstring(f->message));
    put_optional(object, "variable", f->variable);
    for (size_t i = 0; i < f->nthreads; i++)
        json_array_append_new(threads, thread_json(&f->threads[i]));
    put(object, "threads", threads);
    if (f->ncycle) {
        json_t *cycle = must(json_array());

        for (size_t i = 0; i < f->ncycle; i++)
            json_array_append_new(cycle, json_integer(f->cycle[i]));
        put(object, "cycle", cycle);
    }
    put_optional(object, "expected", f->expected);
    put_optional(object, "got", f->got);
    if (f->seen > 0)
        put(object, "seen", json_integer(f->seen));
    if (f->of > 0)
        put(object, "of", json_integer(f->of));
    put_optional(object, "replay", f->replay);
    return object;
}

/* Takes the reference. */
static int print_line(FILE *out, json_t *object)
{
    int err = json_dumpf(object, out, JSON_COMPACT);

    json_decref(object);
    return err || fputc('\n', out) == EOF ? -1 : 0;
}

int finding_print(FILE *out, const struct finding *f)
{
    json_t *object = finding_json(f);

    return object ? print_line(out, object) : -1;
}

int finding_print_summary(FILE *out, const char *detector, const char *status,
                          int runs, const char *basis, const char *reason)
{
    json_t *object = must(json_object());

    put(object, "type", json_string("summary"));
    put(object, "detector", finding_cstring(detector));
    put(object, "status", finding_cstring(status));
    put(object, "runs", json_integer(runs));
    put(object, "basis", finding_cstring(basis));
    put_optional(object, "reason", reason);
    return print_line(out, object);
}

/* See bag.h. The key of a finding is a string of all that makes it that
 * one; bags are small, a list will do. */
#include "bag.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    struct finding *finding;
    char *key;
    int seen, last_run;
    bool alone; /* at least once in a run without a race */
};

struct bag {
    struct entry *entries;
    size_t n, room;
};

static void *or_die(void *p)
{
    if (!p)
        exit(70);
    return p;
}

struct bag *bag_new(void)
{
    return or_die(calloc(1, sizeof(struct bag)));
}

void bag_free(struct bag *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->n; i++) {
        finding_free(b->entries[i].finding);
        free(b->entries[i].key);
    }
    free(b->entries);
    free(b);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Which thread was first does not matter, so the places are sorted; and for a
 * race not whether an x++ is met at its read or at its write. */
/* workers[0].files and workers[1].files are one variable in this. */
static void put_name(FILE *out, const char *name)
{
    for (const char *p = name ? name : ""; *p; p++) {
        putc(*p, out);
        if (*p == '[')
            while (p[1] && p[1] != ']')
                p++;
    }
}

static char *key_of(const struct finding *f)
{
    char **parts = or_die(calloc(f->nthreads + 1, sizeof *parts));
    char *key = NULL;
    size_t size, n = 0;
    FILE *out = or_die(open_memstream(&key, &size));

    fprintf(out, "%s|%s|", f->kind, f->severity);
    if (!f->ncycle)
        put_name(out, f->variable);
    putc('|', out);
    for (size_t i = 0; i < f->nthreads; i++) {
        const struct finding_thread *t = &f->threads[i];
        bool race = !strcmp(f->kind, "data-race");
        char text[600];

        /* Where a thread happens to be when it is cut off is chance. */
        if (!strcmp(f->kind, "cut-off"))
            snprintf(text, sizeof text, "%s", t->role ? t->role : "?");
        else
            snprintf(text, sizeof text, "%s@%s:%d(%.*s)", race ? "" : t->op,
                     t->file ? t->file : "?", t->line,
                     (int)strcspn(t->object ? t->object : "", "["),
                     t->object ? t->object : "");
        parts[n++] = or_die(strdup(text));
    }
    qsort(parts, n, sizeof *parts, by_text);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "%s|", parts[i]);
        free(parts[i]);
    }
    free(parts);
    fclose(out);
    return or_die(key);
}

struct finding *bag_put(struct bag *b, struct finding *f, int run, bool racy)
{
    char *key = key_of(f);
    struct entry *e;

    for (size_t i = 0; i < b->n; i++) {
        e = &b->entries[i];
        if (strcmp(e->key, key))
            continue;
        if (e->last_run != run)
            e->seen++;
        e->last_run = run;
        e->alone = e->alone || !racy;
        free(key);
        finding_free(f);
        return NULL;
    }
    if (b->n == b->room) {
        b->room = b->room ? 2 * b->room : 16;
        b->entries = or_die(realloc(b->entries, b->room * sizeof *b->entries));
    }
    b->entries[b->n++] = (struct entry){
        .finding = f, .key = key, .seen = 1, .last_run = run, .alone = !racy};
    return f;
}

bool bag_has_error(const struct bag *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (!strcmp(b->entries[i].finding->severity, "error"))
            return true;
    return false;
}

bool bag_has_kind(const struct bag *b, const char *kind)
{
    for (size_t i = 0; i < b->n; i++)
        if (!strcmp(b->entries[i].finding->severity, "error") &&
            !strcmp(b->entries[i].finding->kind, kind))
            return true;
    return false;
}

static void print_all(const struct bag *b, FILE *out, int runs, bool errors)
{
    for (size_t i = 0; i < b->n; i++) {
        struct finding *f = bag_at(b, i);

        f->of = runs;
        if (!strcmp(f->severity, "error") == errors)
            finding_print(out, f);
    }
}

void bag_print(const struct bag *b, FILE *out, int runs)
{
    print_all(b, out, runs, true);
    print_all(b, out, runs, false);
}

size_t bag_count(const struct bag *b)
{
    return b->n;
}

void bag_merge(struct bag *b, struct bag *other, int run)
{
    for (size_t i = 0; i < other->n; i++) {
        bag_put(b, other->entries[i].finding, run, !other->entries[i].alone);
        free(other->entries[i].key);
    }
    other->n = 0;
}

uint64_t bag_hash(const struct bag *b)
{
    uint64_t h = 14695981039346656037u;

    for (size_t i = 0; i < b->n; i++)
        for (const char *p = b->entries[i].key; *p; p++)
            h = (h ^ (unsigned char)*p) * 1099511628211u;
    return h;
}

struct finding *bag_at(const struct bag *b, size_t n)
{
    b->entries[n].finding->seen = b->entries[n].seen;
    return b->entries[n].finding;
}

bool bag_only_racy(const struct bag *b, size_t n)
{
    return !b->entries[n].alone;
}

/* Of all findings an exit code says least of what is wrong. */
const struct finding *bag_first(const struct bag *b)
{
    const struct finding *code = NULL;

    for (size_t i = 0; i < b->n; i++) {
        const struct finding *f = b->entries[i].finding;

        if (strcmp(f->severity, "error"))
            continue;
        if (strcmp(f->kind, "exit-code"))
            return f;
        code = code ? code : f;
    }
    return code || !b->n ? code : b->entries[0].finding;
}

static size_t find(const struct bag *b, const struct finding *f)
{
    char *key = key_of(f);
    size_t i = 0;

    while (i < b->n && strcmp(b->entries[i].key, key))
        i++;
    free(key);
    return i;
}

bool bag_has(const struct bag *b, const struct finding *f)
{
    return find(b, f) < b->n;
}

struct finding *bag_take(struct bag *b, const struct finding *f)
{
    size_t i = find(b, f);
    struct finding *mine;

    if (i == b->n)
        return NULL;
    mine = b->entries[i].finding;
    free(b->entries[i].key);
    memmove(b->entries + i, b->entries + i + 1,
            (--b->n - i) * sizeof *b->entries);
    return mine;
}

void bag_reword(struct bag *b, size_t n, struct finding *f)
{
    finding_free(b->entries[n].finding);
    b->entries[n].finding = f;
}

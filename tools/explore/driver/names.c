/*
 * Names from debug information. What has no name of its own is called after
 * the place that made it; an address is never shown, it would differ from
 * machine to machine.
 */
#include "names.h"
#include "../../core/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KNOWN = 512 };

struct known_place {
    bool known, found;
    uint64_t at;
    struct symbols_place place;
};

struct known_object {
    bool known;
    uint64_t at;
    const char *name; /* or NULL */
};

struct names {
    struct symbols *symbols;
    struct server *server;
    char **strings; /* every string ever given out, each once */
    size_t nstrings, room;
    const char *sources; /* folder, or NULL */
    /* What the debug information said last: runs ask the same again. */
    struct known_place places[KNOWN];
    struct known_object objects[KNOWN];
};

struct names *names_open(const char *binary, struct server *s)
{
    struct names *n = calloc(1, sizeof *n);
    char error[200];

    if (!n)
        return NULL;
    n->server = s;
    n->symbols = symbols_open(binary, error, sizeof error);
    if (!n->symbols) {
        fprintf(stderr, "rl-explore: %s\n", error);
        free(n);
        return NULL;
    }
    return n;
}

void names_close(struct names *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->nstrings; i++)
        free(n->strings[i]);
    free(n->strings);
    symbols_close(n->symbols);
    free(n);
}

__attribute__((format(printf, 2, 3))) static const char *
keep(struct names *n, const char *format, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    for (size_t i = 0; i < n->nstrings; i++)
        if (!strcmp(n->strings[i], text))
            return n->strings[i];
    if (n->nstrings == n->room) {
        n->room = n->room ? 2 * n->room : 64;
        n->strings = realloc(n->strings, n->room * sizeof *n->strings);
        if (!n->strings)
            exit(70);
    }
    n->strings[n->nstrings] = strdup(text);
    if (!n->strings[n->nstrings])
        exit(70);
    return n->strings[n->nstrings++];
}

static uint64_t base(const struct names *n)
{
    return server_shm(n->server)->load_base;
}

static size_t slot(uint64_t at)
{
    return (at * 0x9e3779b97f4a7c15u) >> 32 & (KNOWN - 1);
}

static bool place_at(struct names *n, uint64_t at, struct symbols_place *p)
{
    struct known_place *k = &n->places[slot(at)];

    if (!k->known || k->at != at) {
        k->found = symbols_place(n->symbols, at, &k->place);
        k->at = at;
        k->known = true;
    }
    *p = k->place;
    return k->found;
}

/* NULL where no variable is. */
static const char *object_at(struct names *n, uint64_t at)
{
    struct known_object *k = &n->objects[slot(at)];
    char name[200];

    if (!k->known || k->at != at) {
        bool found = symbols_object(n->symbols, at, name, sizeof name);

        k->name = found ? keep(n, "%s", name) : NULL;
        k->at = at;
        k->known = true;
    }
    return k->name;
}

struct symbols_place names_place(struct names *n, uint64_t pc)
{
    struct symbols_place p = {0};

    if (pc)
        place_at(n, pc - base(n) - 1, &p);
    return p;
}

const char *names_where(struct names *n, uint64_t pc)
{
    struct symbols_place p = names_place(n, pc);

    if (!p.file)
        return p.function ? p.function : "an unknown place";
    return keep(n, "%s:%d", symbols_base(p.file), p.line);
}

const char *names_role(struct names *n, unsigned thread)
{
    const struct rx_thread *t = server_shm(n->server)->result.thread;
    struct symbols_place p;

    if (!thread)
        return "main";
    if (thread > RL_THREADS)
        return NULL;
    t += thread;
    if (t->start && place_at(n, t->start - base(n), &p) && p.function)
        return p.function;
    return NULL;
}

const char *names_thread(struct names *n, unsigned thread)
{
    const char *role = names_role(n, thread);

    if (!thread)
        return "main";
    return role ? keep(n, "thread %u (%s)", thread, role)
                : keep(n, "thread %u", thread);
}

static const char *class_word(unsigned class)
{
    switch (class) {
    case RL_MUTEX:
        return "mutex";
    case RL_COND:
        return "condition variable";
    case RL_RWLOCK:
        return "read-write lock";
    case RL_SPIN:
        return "spin lock";
    case RL_BARRIER:
        return "barrier";
    case RL_SEM:
        return "semaphore";
    case RL_ONCE:
        return "once control";
    case RL_ATOMIC:
        return "atomic";
    default:
        return "object";
    }
}

static const char *function_at(struct names *n, uint64_t pc)
{
    struct symbols_place p = names_place(n, pc);

    return p.function ? p.function : "a function";
}

const char *names_object(struct names *n, uint32_t object)
{
    const struct rl_world *w = server_world(n->server);
    const struct rx_object *more;
    const struct rl_object *o;
    const char *name;

    if (object >= w->nobjects || object >= RX_MAX_OBJECTS)
        return "an object";
    o = &w->objects[object];
    more = &server_shm(n->server)->result.object[object];
    name = object_at(n, more->addr - base(n));
    if (name)
        return name;
    if (more->alloc_pc)
        return keep(n, "%s at byte %u of the block from %s",
                    class_word(o->class), (unsigned)more->alloc_offset,
                    names_where(n, more->alloc_pc));
    return keep(n, "%s local to %s()", class_word(o->class),
                function_at(n, more->pc));
}

const char *names_variable(struct names *n, uint64_t addr, uint64_t alloc_pc,
                           uint64_t offset)
{
    const char *name = object_at(n, addr - base(n));

    if (name)
        return name;
    if (alloc_pc)
        return keep(n, "byte %u of the block from %s", (unsigned)offset,
                    names_where(n, alloc_pc));
    return NULL;
}

void names_use(struct names *n, struct server *s)
{
    n->server = s;
}

const char *names_key(struct names *n, enum rl_class class, uint64_t key)
{
    const struct rl_world *w = server_world(n->server);

    for (uint32_t i = 0; i < w->nobjects; i++)
        if (w->objects[i].class == class && w->objects[i].key == key)
            return names_object(n, i);
    return rl_class_name(class);
}

bool names_function(struct names *n, const char *name, uint64_t *low,
                    uint64_t *high)
{
    return symbols_function(n->symbols, name, low, high) && *high;
}

void names_sources(struct names *n, const char *folder)
{
    n->sources = folder;
}

/* NULL where there is none. */
static FILE *open_source(struct names *n, const char *file)
{
    char path[600];
    FILE *f;

    if (!n->sources)
        return NULL;
    snprintf(path, sizeof path, "%s/%s", n->sources, file);
    f = fopen(path, "r");
    if (!f) {
        snprintf(path, sizeof path, "%s/%s", n->sources, symbols_base(file));
        f = fopen(path, "r");
    }
    return f;
}

json_t *names_lines(struct names *n, const char *file)
{
    enum { MOST = 5000 };
    FILE *f = open_source(n, file);
    json_t *list;
    char text[400];
    bool begins = true;

    if (!f)
        return json_null();
    list = json_array();
    while (json_array_size(list) < MOST && fgets(text, sizeof text, f)) {
        const size_t end = strcspn(text, "\r\n");
        const bool ends = text[end];

        text[end] = 0;
        if (begins)
            json_array_append_new(list, finding_cstring(text));
        begins = ends;
    }
    fclose(f);
    return list;
}

json_t *names_source(struct names *n, const char *file, int line)
{
    char text[400];
    FILE *f = open_source(n, file);

    if (!f)
        return json_null();
    text[0] = 0;
    while (line-- > 0)
        if (!fgets(text, sizeof text, f))
            text[0] = 0;
    fclose(f);
    text[strcspn(text, "\r\n")] = 0;
    return finding_cstring(text + strspn(text, " \t"));
}

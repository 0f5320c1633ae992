/*
 * Places, variables and locks of a report by name.
 */
#include "names.h"

#include <stdio.h>
#include <string.h>

long long report_number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

const json_t *report_member(const struct report *r, const char *list, size_t n)
{
    return json_array_get(json_object_get(r->json, list), n);
}

size_t report_length(const struct report *r, const char *list)
{
    return json_array_size(json_object_get(r->json, list));
}

/* Our own code and the system's is linked in too; neither is the student's. */
static bool is_students(const char *file)
{
    static const char *const others[] = {"tools/core/", "tools/tsan/",
                                         "tools/explore/"};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        const char *at = strstr(file, others[i]);

        if (at && (at == file || at[-1] == '/')) {
            return false;
        }
    }
    return strncmp(file, "/usr/", 5) != 0 && strncmp(file, "../", 3) != 0;
}

/* The innermost frame of TRACE that is the student's. */
static struct report_place find_place(const struct report *r,
                                      const json_t *trace)
{
    struct report_place place = {.line = 0};
    struct symbols_place p;
    const json_t *pc;
    size_t i;

    json_array_foreach (trace, i, pc) {
        /* The sanitizer keeps return addresses. */
        uint64_t at = (uint64_t)json_integer_value(pc) - 1;

        if (!symbols_place(r->symbols, at, &p) || !p.file || p.line <= 0 ||
            !is_students(p.file)) {
            continue;
        }
        if (!place.line) {
            snprintf(place.file, sizeof(place.file), "%s",
                     symbols_base(p.file));
            snprintf(place.function, sizeof(place.function), "%s",
                     p.function ? p.function : "?");
            place.line = p.line;
        }
        snprintf(place.root, sizeof(place.root), "%s",
                 p.function ? p.function : "?");
    }
    return place;
}

struct report_place report_place(const struct report *r, const json_t *object)
{
    return find_place(r, json_object_get(object, "trace"));
}

struct finding_thread *report_thread(struct report *r, long long tid,
                                     const char *op,
                                     const struct report_place *place)
{
    const char *role = tid == 0 ? "main" : place->root;
    struct finding_thread *thread = finding_add_thread(
        r->finding, tid < 0 ? 0 : (int)tid, *role ? role : NULL, op);

    if (place->line) {
        finding_place(thread, place->file, place->line, place->function);
    }
    return thread;
}

const char *report_words(const struct report_place *place, char *text,
                         size_t size)
{
    if (place->line) {
        snprintf(text, size, "%s (%s:%d)", place->function, place->file,
                 place->line);
    } else {
        snprintf(text, size, "code without source lines");
    }
    return text;
}

/* Where a heap block, a stack or nothing known holds the address. */
static void name_memory(const struct report *r, const json_t *loc, char *name,
                        size_t size)
{
    const char *type = json_string_value(json_object_get(loc, "type"));
    struct report_place place = report_place(r, loc);

    name[0] = '\0';
    if (type && strcmp(type, "heap") == 0 && place.line) {
        snprintf(name, size, "memory allocated at %s:%d", place.file,
                 place.line);
    } else if (type && strcmp(type, "heap") == 0) {
        snprintf(name, size, "allocated memory");
    } else if (type && strcmp(type, "stack") == 0) {
        snprintf(name, size, "a local variable of %s",
                 report_number(loc, "tid") == 0 ? "main's thread" : "a thread");
    } else if (type && strcmp(type, "tls") == 0) {
        snprintf(name, size, "a thread-local variable");
    }
}

/* clang splits and lifts objects and calls the parts "acc.0", "heap.body". */
static void drop_parts(char *name)
{
    for (char *at = strchr(name, '.'); at; at = strchr(at + 1, '.')) {
        if ((at[1] >= '0' && at[1] <= '9') || strcmp(at, ".body") == 0 ||
            strncmp(at, ".body.", 6) == 0) {
            *at = '\0';
            return;
        }
    }
}

void report_object(const struct report *r, long long at, const json_t *loc,
                   char *name, size_t size)
{
    name[0] = '\0';
    if (at <= 0 || !symbols_object(r->symbols, (uint64_t)at, name, size)) {
        name_memory(r, loc, name, size);
        return;
    }
    drop_parts(name);
}

void report_mutex(const struct report *r, const json_t *mutex, char *name,
                  size_t size)
{
    long long at = report_number(mutex, "at");
    struct report_place place = report_place(r, mutex);

    if (at > 0 && symbols_object(r->symbols, (uint64_t)at, name, size)) {
        return;
    }
    if (place.line) {
        snprintf(name, size, "the lock first used at %s:%d", place.file,
                 place.line);
    } else {
        snprintf(name, size, "a lock");
    }
}

static const json_t *mutex_by_id(const struct report *r, long long id)
{
    for (size_t i = 0; i < report_length(r, "mutexes"); i++) {
        if (report_number(report_member(r, "mutexes", i), "id") == id) {
            return report_member(r, "mutexes", i);
        }
    }
    return NULL;
}

void report_held(struct report *r, const json_t *mop,
                 struct finding_thread *thread, char *first, size_t size)
{
    char name[512];
    const json_t *id;
    size_t i;

    first[0] = '\0';
    json_array_foreach (json_object_get(mop, "held"), i, id) {
        const json_t *mutex = mutex_by_id(r, json_integer_value(id));

        if (!mutex) {
            continue;
        }
        report_mutex(r, mutex, name, sizeof(name));
        finding_add_lock(thread, name);
        if (!first[0]) {
            snprintf(first, size, "%s", name);
        }
    }
}

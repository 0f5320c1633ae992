/*
 * Which findings are the same, which form of them is shown, in what order.
 */
#include "merge.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    json_t *key; /* ours */
    json_t *value;
    size_t run, place; /* place: in order of coming */
    /* Of the first of a group. */
    int count;
    size_t rank;
};

static int rank_of(const json_t *j)
{
    if (!j || json_is_null(j))
        return 0;
    return json_is_number(j) ? 1 : json_is_string(j) ? 2 : 3;
}

/* A total order of the values that a key is made of. */
static int order(const json_t *a, const json_t *b)
{
    int by = rank_of(a) - rank_of(b);

    if (by || rank_of(a) == 0)
        return by;
    if (json_is_string(a))
        return strcmp(json_string_value(a), json_string_value(b));
    if (json_is_number(a)) {
        double difference = json_number_value(a) - json_number_value(b);

        return (difference > 0) - (difference < 0);
    }
    for (size_t i = 0;; i++) {
        const json_t *x = json_array_get(a, i);
        const json_t *y = json_array_get(b, i);

        if (!x || !y)
            return !!x - !!y;
        by = order(x, y);
        if (by)
            return by;
    }
}

static int order_places(const void *a, const void *b)
{
    return order(*(json_t *const *)a, *(json_t *const *)b);
}

static void append(json_t *array, json_t *value)
{
    json_array_append(array, value ? value : json_null());
}

/* What the threads have under the names, sorted; each once if unique. */
static json_t *places(const json_t *finding, const char *const *names,
                      bool unique)
{
    const json_t *threads = json_object_get(finding, "threads");
    size_t n = json_array_size(threads);
    json_t **list = calloc(n + 1, sizeof *list);
    json_t *sorted = json_array();

    if (!list)
        exit(70);
    for (size_t i = 0; i < n; i++) {
        list[i] = json_array();
        for (const char *const *name = names; *name; name++)
            append(list[i], json_object_get(json_array_get(threads, i), *name));
    }
    qsort(list, n, sizeof *list, order_places);
    for (size_t i = 0; i < n; i++) {
        if (!unique || i == 0 || order(list[i - 1], list[i]) != 0)
            json_array_append(sorted, list[i]);
    }
    for (size_t i = 0; i < n; i++)
        json_decref(list[i]);
    free(list);
    return sorted;
}

/* accounts[3].balance becomes accounts[].balance. */
static json_t *without_index(const char *name)
{
    char *text = strdup(name);
    char *to = text;
    json_t *result;

    if (!text)
        exit(70);
    while (*name) {
        size_t digits = 0;

        *to++ = *name;
        if (*name++ == '[') {
            while (isdigit((unsigned char)name[digits]))
                digits++;
            if (digits && name[digits] == ']')
                name += digits;
        }
    }
    *to = '\0';
    result = json_string(text);
    free(text);
    return result;
}

static void append_message(json_t *key, const json_t *finding)
{
    const char *message =
        json_string_value(json_object_get(finding, "message"));
    const char *cut;

    if (!message)
        message = "";
    cut = strstr(message, "; its last words: ");
    json_array_append_new(
        key,
        json_stringn(message, cut ? (size_t)(cut - message) : strlen(message)));
}

/* Two findings are the same if they are of one kind about one variable at the
 * same places; of an output's many wrong forms the first stands for all. For
 * a race neither the element nor which of x++'s two accesses it was
 * matters. */
static json_t *key_of(const json_t *finding)
{
    static const char *const race[] = {"file", "line", "function", NULL};
    static const char *const all[] = {"op",       "file",   "line",
                                      "function", "object", NULL};
    json_t *kind = json_object_get(finding, "kind");
    json_t *variable = json_object_get(finding, "variable");
    const char *name = json_string_value(variable);
    json_t *key = json_array();

    append(key, kind);
    if (kind && strcmp(json_string_value(kind), "wrong-output") == 0)
        return key;
    append(key, json_object_get(finding, "severity"));
    if (kind && strcmp(json_string_value(kind), "data-race") == 0) {
        json_array_append_new(key, without_index(name ? name : ""));
        json_array_append_new(key, places(finding, race, true));
        return key;
    }
    append(key, variable);
    json_array_append_new(key, places(finding, all, false));
    if (json_array_size(json_object_get(finding, "threads")) == 0)
        append_message(key, finding);
    return key;
}

static bool is_error(const json_t *finding)
{
    const char *severity =
        json_string_value(json_object_get(finding, "severity"));

    return severity && strcmp(severity, "error") == 0;
}

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int by = order(x->key, y->key);

    return by ? by : (x->place > y->place) - (x->place < y->place);
}

static int by_text(const struct entry *x, const struct entry *y,
                   const char *name)
{
    return order(json_object_get(x->value, name),
                 json_object_get(y->value, name));
}

static int by_weight(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int by = is_error(y->value) - is_error(x->value);

    if (!by)
        by = y->count - x->count;
    if (!by)
        by = (x->run > y->run) - (x->run < y->run);
    if (!by)
        by = by_text(x, y, "kind");
    if (!by)
        by = by_text(x, y, "message");
    return by ? by : (x->rank > y->rank) - (x->rank < y->rank);
}

static int writes(const json_t *finding)
{
    size_t i;
    json_t *t;
    int n = 0;

    json_array_foreach (json_object_get(finding, "threads"), i, t) {
        const char *op = json_string_value(json_object_get(t, "op"));

        n += op && strcmp(op, "write") == 0;
    }
    return n;
}

/* The group that begins at e, whose entries have one key, as one entry: of
 * several forms the one that shows most writes, first come. Returns its
 * size. */
static size_t join(struct entry *e, size_t left)
{
    struct entry first = *e;
    size_t n;

    first.count = 1;
    for (n = 1; n < left && order(e[n].key, e->key) == 0; n++) {
        first.count += e[n].run != e[n - 1].run;
        if (writes(e[n].value) > writes(first.value))
            first.value = e[n].value;
    }
    *e = first;
    return n;
}

static struct entry *list(const json_t *runs, size_t *n)
{
    struct entry *entries = NULL;
    size_t i, k;
    json_t *run, *finding;

    *n = 0;
    json_array_foreach (runs, i, run) {
        json_array_foreach (run, k, finding) {
            entries = reallocarray(entries, *n + 1, sizeof *entries);
            if (!entries)
                exit(70);
            entries[*n] = (struct entry){.key = key_of(finding),
                                         .value = finding,
                                         .run = i,
                                         .place = *n};
            ++*n;
        }
    }
    return entries;
}

json_t *merge_runs(const json_t *runs)
{
    size_t n, groups = 0;
    struct entry *e = list(runs, &n);
    struct entry *first = calloc(n + 1, sizeof *first);
    json_t *merged = json_array();

    if (!first)
        exit(70);
    if (n)
        qsort(e, n, sizeof *e, by_key);
    for (size_t i = 0; i < n;) {
        size_t size = join(e + i, n - i);

        first[groups] = e[i];
        first[groups].rank = groups;
        groups++;
        i += size;
    }
    qsort(first, groups, sizeof *first, by_weight);
    for (size_t i = 0; i < groups; i++) {
        json_t *f = json_copy(first[i].value);

        json_object_set_new(f, "seen", json_integer(first[i].count));
        json_object_set_new(f, "of",
                            json_integer((json_int_t)json_array_size(runs)));
        json_array_append_new(merged, f);
    }
    for (size_t i = 0; i < n; i++)
        json_decref(e[i].key);
    free(e);
    free(first);
    return merged;
}

int merge_bad(const json_t *runs)
{
    size_t i, k;
    json_t *run, *finding;
    int bad = 0;

    json_array_foreach (runs, i, run) {
        json_array_foreach (run, k, finding) {
            if (is_error(finding)) {
                bad++;
                break;
            }
        }
    }
    return bad;
}

static int by_count(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int by = y->count - x->count;

    return by ? by : order(x->key, y->key);
}

json_t *merge_outcomes(const json_t *outcomes)
{
    size_t n = json_array_size(outcomes);
    struct entry *e = calloc(n + 1, sizeof *e);
    size_t groups = 0;
    json_t *table = json_array();

    if (!e)
        exit(70);
    for (size_t i = 0; i < n; i++) {
        e[i].value = json_array_get(outcomes, i);
        e[i].place = i;
        e[i].key = json_pack("[O,O]", json_object_get(e[i].value, "end"),
                             json_object_get(e[i].value, "stdout"));
    }
    qsort(e, n, sizeof *e, by_key);
    for (size_t i = 0; i < n; i++) {
        if (groups && order(e[groups - 1].key, e[i].key) == 0) {
            e[groups - 1].count++;
            json_decref(e[i].key);
        } else {
            e[groups] = e[i];
            e[groups++].count = 1;
        }
    }
    qsort(e, groups, sizeof *e, by_count);
    for (size_t i = 0; i < groups; i++) {
        json_array_append_new(table,
                              json_pack("{s:i,s:O,s:O}", "count", e[i].count,
                                        "end", json_array_get(e[i].key, 0),
                                        "stdout", json_array_get(e[i].key, 1)));
        json_decref(e[i].key);
    }
    free(e);
    return table;
}

/* paths.c - which names are taken, and whose they are. */
#include "intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Why a path is refused, or NULL. */
static const char *refused(const char *path)
{
    int depth = 0;

    if (*path == '/')
        return "an absolute name is not taken";
    for (const char *at = path; *at; at += strspn(at, "/")) {
        const size_t n = strcspn(at, "/");

        if (n == 2 && strncmp(at, "..", 2) == 0)
            return "a name with .. is not taken";
        if (n > LIMIT_NAME)
            return "a name of more than 200 bytes is not taken";
        if (++depth > LIMIT_DEPTH)
            return "more than 16 folders in each other are not taken";
        at += n;
    }
    return NULL;
}

/* PATH without empty and "." components, printable; NULL where a component is
 * a system's litter. */
char *tidy(const char *path)
{
    char *copy = strdup(path), *rest = copy, *part, *out, *to;

    to = out = malloc(4 * strlen(path) + 1);
    if (!copy || !out)
        fatal("no memory", NULL);
    *out = '\0';
    while ((part = strsep(&rest, "/"))) {
        char *clean;

        if (!*part || strcmp(part, ".") == 0)
            continue;
        if (is_litter(part)) {
            free(copy);
            free(out);
            return NULL;
        }
        clean = printable(part);
        to += sprintf(to, "%s%s", to == out ? "" : "/", clean);
        free(clean);
    }
    free(copy);
    return out;
}

/* The top-level name of PATH, below the wrapper, and what follows it. */
static char *top_of(const struct intake *in, const char *path,
                    const char **after)
{
    size_t n;
    char *top;

    while (path[0] == '/' || (path[0] == '.' && path[1] == '/'))
        path++;
    n = in->wrapper ? strlen(in->wrapper) : 0;
    if (n && strncmp(path, in->wrapper, n) == 0 && (path[n] == '/' || !path[n]))
        path += n + strspn(path + n, "/");
    n = strcspn(path, "/");
    top = strndup(path, n);
    if (!top)
        fatal("no memory", NULL);
    *after = path + n + strspn(path + n, "/");
    return top;
}

bool refuse(struct intake *in, struct student *s, const char *path)
{
    const char *why = refused(path);
    char *shown;

    if (!why)
        return false;
    shown = printable(path);
    problem(in, s, shown, "%s", why);
    free(shown);
    return true;
}

/* A top-level name that tells no student; only a source is missed. */
static void nobody(struct intake *in, const char *path)
{
    char *shown = printable(path);

    if (kind_of(path) == KIND_SOURCE)
        problem(in, NULL, shown, "no student can be told from this name");
    free(shown);
}

struct student *take_path(struct intake *in, const char *path, bool is_file,
                          char **rest)
{
    const char *after;
    char *top, *whole;
    struct student *s = NULL;
    struct who who;

    *rest = NULL;
    if (refuse(in, NULL, path))
        return NULL;
    top = top_of(in, path, &after);
    if (!*top || strcmp(top, ".") == 0 || is_litter(top)) {
        ; /* the input itself, or nobody's */
    } else if (!who_from_name(top, is_file && !*after, &who)) {
        nobody(in, path);
        who_free(&who);
    } else {
        if (asprintf(&whole, "%s%s%s", who.file ? who.file : "",
                     who.file && *after ? "/" : "", after) < 0)
            fatal("no memory", NULL);
        *rest = tidy(whole);
        free(whole);
        if (*rest)
            s = student_of(in, &who);
        who_free(&who);
    }
    free(top);
    return s;
}

/* wrapper.c - one folder around the whole class: Gradescope's export has one,
 * and so has a folder of students that somebody zipped.
 *
 * It is told from a class of one student by what stands in it: names of a
 * platform, or, in an archive, at least two folders that are no labs and no
 * source beside them.
 */
#include "intake.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void wrapper_begin(struct wrapper *w)
{
    memset(w, 0, sizeof *w);
    w->single = true;
}

void wrapper_end(struct wrapper *w)
{
    free(w->top);
    free(w->folder);
    w->top = w->folder = NULL;
}

static char *part(const char *start, size_t length)
{
    char *copy = strndup(start, length);

    if (!copy)
        fatal("no memory", NULL);
    return copy;
}

static bool lab_like(const char *name)
{
    return isdigit((unsigned char)name[0]) && isdigit((unsigned char)name[1]) &&
           name[2] == '-';
}

static void inner(struct wrapper *w, const char *name, bool is_file)
{
    struct who who;

    if (strcmp(name, "submission_metadata.yml") == 0)
        w->platform = true;
    if (who_from_name(name, is_file, &who) &&
        strcmp(who.platform, "folder") != 0)
        w->platform = true;
    who_free(&who);
    if (is_file) {
        w->sources |= kind_of(name) == KIND_SOURCE;
        return;
    }
    w->labs |= lab_like(name);
    /* Entries of one folder come together in every archive that there is. */
    if (!w->folder || strcmp(w->folder, name) != 0) {
        free(w->folder);
        w->folder = part(name, strlen(name));
        w->folders++;
    }
}

void wrapper_look(struct wrapper *w, const char *path, bool is_folder)
{
    size_t n;
    char *name;

    while (path[0] == '.' && path[1] == '/')
        path += 2;
    n = strcspn(path, "/");
    name = part(path, n);
    path += n + strspn(path + n, "/");
    if (!*name || is_litter(name)) {
        free(name);
        return;
    }
    if (!w->top)
        w->top = part(name, n);
    if (strcmp(w->top, name) != 0 || (!*path && !is_folder))
        w->single = false;
    free(name);
    n = strcspn(path, "/");
    name = part(path, n);
    if (*name && !is_litter(name))
        inner(w, name, !path[n] && !is_folder);
    free(name);
}

const char *wrapper_found(const struct wrapper *w, bool archive)
{
    struct who who;
    bool platform;

    if (!w->single || !w->top)
        return NULL;
    platform = who_from_name(w->top, false, &who) &&
               strcmp(who.platform, "folder") != 0;
    who_free(&who);
    if (platform || lab_like(w->top))
        return NULL;
    if (w->platform || (archive && w->folders > 1 && !w->labs && !w->sources))
        return w->top;
    return NULL;
}

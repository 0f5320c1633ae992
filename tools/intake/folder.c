/* folder.c - takes a folder: regular files only, no link is followed. */
#include "intake.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long read_file(struct source *source, void *buffer, size_t size,
                      const char **why)
{
    const int *fd = source->from;
    ssize_t n;

    do
        n = read(*fd, buffer, size);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        *why = "cannot be read";
    return n;
}

static void take_regular(struct intake *in, struct student *s, int folder,
                         const char *name, const char *rest)
{
    const enum kind kind = kind_of(name);
    struct stat st;
    int fd;
    struct source source = {read_file, &fd};

    if (kind == KIND_OTHER)
        return;
    /* What was a file a moment ago may be a pipe now. */
    fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        problem(in, s, rest, "cannot be read: %s",
                fd < 0 ? strerror(errno) : "no regular file");
    else if (kind == KIND_SOURCE)
        stage_file(in, s, rest, &source);
    else
        take_nested(in, s, rest, &source, 1);
    if (fd >= 0)
        close(fd);
}

static char *join(const char *folder, const char *name)
{
    char *path;

    if (asprintf(&path, "%s%s%s", folder, *folder ? "/" : "", name) < 0)
        fatal("no memory", NULL);
    return path;
}

/* Gradescope writes it beside the submissions. */
static bool take_metadata(struct intake *in, int folder, const char *name)
{
    const size_t most = 4 << 20;
    size_t size = 0;
    ssize_t n;
    int fd;

    if (in->metadata || strcmp(name, "submission_metadata.yml") != 0)
        return false;
    fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    in->metadata = calloc(1, most + 1);
    if (!in->metadata)
        fatal("no memory", NULL);
    while (fd >= 0 && size < most &&
           (n = read(fd, in->metadata + size, most - size)) > 0)
        size += (size_t)n;
    if (fd >= 0)
        close(fd);
    return true;
}

static void walk(struct intake *in, int folder, const char *path, int depth);

static void take_entry(struct intake *in, int folder, const char *path,
                       const char *name, int depth)
{
    char *whole = join(path, name), *rest = NULL;
    struct student *s;
    struct stat st;
    int inner;

    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        goto end;
    if (depth == 0 && S_ISREG(st.st_mode) && take_metadata(in, folder, name))
        goto end;
    s = take_path(in, whole, !S_ISDIR(st.st_mode), &rest);
    if (!s || !count_entry(in, s))
        goto end;
    if (S_ISREG(st.st_mode)) {
        take_regular(in, s, folder, name, rest);
    } else if (S_ISDIR(st.st_mode)) {
        inner = openat(folder, name,
                       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner < 0)
            problem(in, s, *rest ? rest : NULL, "cannot be read: %s",
                    strerror(errno));
        else
            walk(in, inner, whole, depth + 1);
    } else {
        problem(in, s, *rest ? rest : NULL, "%s is not followed",
                S_ISLNK(st.st_mode) ? "a symbolic link"
                                    : "a device, pipe or socket");
    }
end:
    free(rest);
    free(whole);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **more_names(char **names, size_t count)
{
    char **more = realloc(names, count * sizeof *names);

    if (!more)
        fatal("no memory", NULL);
    return more;
}

/* In the order of names: which of too many files is left out does not depend
 * on the file system. */
static void walk(struct intake *in, int folder, const char *path, int depth)
{
    DIR *dir = fdopendir(folder);
    char **names = NULL;
    size_t count = 0;
    struct dirent *entry;

    if (!dir)
        fatal(strerror(errno), path);
    while ((entry = readdir(dir)) && count < LIMIT_ENTRIES) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if ((count & (count - 1)) == 0)
            names = more_names(names, count ? 2 * count : 1);
        names[count] = strdup(entry->d_name);
        if (!names[count])
            fatal("no memory", NULL);
        count++;
    }
    if (count)
        qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        take_entry(in, dirfd(dir), path, names[i], depth);
        free(names[i]);
    }
    free(names);
    closedir(dir);
}

/* The names of two levels; what cannot be read is told by the walk. */
static void look(struct wrapper *w, int folder, const char *path, int depth)
{
    DIR *dir = folder < 0 ? NULL : fdopendir(folder);
    struct dirent *entry;
    struct stat st;

    while (dir && (entry = readdir(dir))) {
        const char *name = entry->d_name;
        char *whole;
        bool is_folder;

        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
            fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        whole = join(path, name);
        is_folder = S_ISDIR(st.st_mode);
        wrapper_look(w, whole, is_folder);
        if (is_folder && depth == 0 && w->single)
            look(w,
                 openat(dirfd(dir), name,
                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                 whole, depth + 1);
        free(whole);
    }
    if (dir)
        closedir(dir);
}

void take_folder(struct intake *in, int folder)
{
    struct wrapper w;
    const char *top;
    int inside = folder;

    wrapper_begin(&w);
    look(&w, openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "", 0);
    top = wrapper_found(&w, false);
    if (top) {
        inside = openat(folder, top,
                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inside < 0)
            fatal(strerror(errno), top);
        close(folder);
    }
    wrapper_end(&w);
    walk(in, inside, "", 0);
}

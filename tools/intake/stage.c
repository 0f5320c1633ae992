/* stage.c - students, their clean folders, and problems. */
#include "intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

void fatal(const char *what, const char *path)
{
    fprintf(stderr, "rl-intake: %s%s%s\n", path ? path : "", path ? ": " : "",
            what);
    exit(3);
}

void problem(struct intake *in, struct student *s, const char *path,
             const char *what, ...)
{
    json_t *list = s ? s->problems : in->problems;
    size_t *count = s ? &s->problem_count : &in->problem_count;
    char text[400];
    va_list ap;

    if (++*count > LIMIT_PROBLEMS)
        return;
    va_start(ap, what);
    vsnprintf(text, sizeof text, what, ap);
    va_end(ap);
    json_array_append_new(list,
                          json_pack("{s:s?, s:s}", "path", path, "what", text));
}

enum kind kind_of(const char *name)
{
    static const char *const archives[] = {".zip", ".tar", ".tar.gz", ".tgz"};
    const size_t length = strlen(name);

    if (length > 2 && name[length - 2] == '.' &&
        (name[length - 1] == 'c' || name[length - 1] == 'h'))
        return KIND_SOURCE;
    for (size_t i = 0; i < sizeof archives / sizeof *archives; i++) {
        const size_t n = strlen(archives[i]);

        if (length > n && strcasecmp(name + length - n, archives[i]) == 0)
            return KIND_ARCHIVE;
    }
    return KIND_OTHER;
}

bool is_litter(const char *component)
{
    return strncmp(component, "._", 2) == 0 ||
           strcmp(component, "__MACOSX") == 0 ||
           strcmp(component, ".DS_Store") == 0 ||
           strcmp(component, ".git") == 0;
}

struct student *student_of(struct intake *in, const struct who *who)
{
    struct student *s;
    char name[32];

    if (in->last && strcmp(in->last->key, who->key) == 0) {
        in->last->late |= who->late;
        return in->last;
    }
    for (size_t i = 0; i < in->student_count; i++)
        if (strcmp(in->students[i]->key, who->key) == 0) {
            in->last = in->students[i];
            in->last->late |= who->late;
            return in->last;
        }
    if (in->student_count == LIMIT_STUDENTS)
        fatal("more than 20,000 students", NULL);
    s = calloc(1, sizeof *s);
    in->students =
        realloc(in->students, (in->student_count + 1) * sizeof *in->students);
    if (!s || !in->students)
        fatal("no memory", NULL);
    s->key = strdup(who->key);
    s->name = strdup(who->name);
    s->id = strdup(who->id);
    s->platform = who->platform;
    s->late = who->late;
    s->problems = json_array();
    if (!s->key || !s->name || !s->id || !s->problems)
        fatal("no memory", NULL);
    in->students[in->student_count++] = s;
    s->number = in->student_count;
    snprintf(name, sizeof name, "%zu", s->number);
    if (mkdirat(in->stage, name, 0700) != 0)
        fatal(strerror(errno), "the stage");
    return in->last = s;
}

bool count_entry(struct intake *in, struct student *s)
{
    if (in->entries == LIMIT_ENTRIES)
        problem(in, NULL, NULL,
                "more than 200,000 files: the rest is not "
                "looked at");
    if (in->entries++ >= LIMIT_ENTRIES)
        return false;
    return !s || !s->full;
}

/* Makes the folders of PATH (changed for a while) below FOLDER; -1 when that
 * cannot be. */
static int make_folders(int folder, char *path)
{
    for (char *at = strchr(path, '/'); at; at = strchr(at + 1, '/')) {
        int made;

        *at = '\0';
        made = mkdirat(folder, path, 0700);
        if (made != 0 && errno == ENOSPC)
            fatal(strerror(errno), "the stage");
        *at = '/';
        if (made != 0 && errno != EEXIST)
            return -1;
    }
    return 0;
}

static void write_all(int fd, const char *buffer, long size)
{
    while (size > 0) {
        const ssize_t n = write(fd, buffer, (size_t)size);

        if (n < 0 && errno != EINTR)
            fatal(strerror(errno), "the stage");
        if (n > 0) {
            buffer += n;
            size -= n;
        }
    }
}

/* Copies until the end, an error or a limit; the text is NULL, or why the file
 * is no good. */
static const char *copy(struct student *s, struct source *source, int fd)
{
    char buffer[16384];
    uint64_t size = 0;
    const char *why = NULL;
    long n;

    while ((n = source->read(source, buffer, sizeof buffer, &why)) > 0) {
        size += (uint64_t)n;
        s->bytes += (uint64_t)n;
        if (size > LIMIT_FILE)
            return "larger than 1 MiB: not taken";
        if (s->bytes > LIMIT_STUDENT_BYTES) {
            s->full = true;
            return "more than 8 MiB of sources: this and the rest is not taken";
        }
        write_all(fd, buffer, n);
    }
    return n < 0 ? why : NULL;
}

void stage_file(struct intake *in, struct student *s, const char *rest,
                struct source *source)
{
    char *path;
    const char *why;
    int fd;

    if (s->full)
        return;
    if (++s->files > LIMIT_STUDENT_FILES) {
        s->full = true;
        problem(in, s, rest,
                "more than 200 source files: this and the rest "
                "is not taken");
        return;
    }
    if (asprintf(&path, "%zu/%s", s->number, rest) < 0)
        fatal("no memory", NULL);
    if (make_folders(in->stage, path) != 0 ||
        (fd = openat(in->stage, path,
                     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                     0600)) < 0) {
        if (errno == ENOSPC || errno == EMFILE || errno == EACCES)
            fatal(strerror(errno), "the stage");
        problem(in, s, rest,
                errno == EEXIST || errno == ENOTDIR
                    ? "there are two of this name"
                    : "a name that cannot be used");
        free(path);
        return;
    }
    why = copy(s, source, fd);
    if (close(fd) != 0)
        fatal(strerror(errno), "the stage");
    if (why) {
        problem(in, s, rest, "%s", why);
        unlinkat(in->stage, path, 0);
    }
    free(path);
}

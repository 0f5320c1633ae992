/* archive.c - takes an archive: zip, or tar with or without gzip.
 *
 * Entries that are no source are skipped without being unpacked; the others
 * are unpacked through memory, within limits, and never by their own path.
 */
#include "intake.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct unpacking {
    struct intake *in;
    struct student *student; /* whose archive it is; NULL: the class's */
    const char *shown;       /* that archive's path, NULL for the class's */
    char *prefix;            /* folder for its files, "" for the class's */
    struct archive *archive;
    uint64_t packed, unpacked;
    size_t entries;
    int depth;
    bool bomb;
};

static long read_entry(struct source *source, void *buffer, size_t size,
                       const char **why)
{
    struct unpacking *u = source->from;
    const la_ssize_t n = archive_read_data(u->archive, buffer, size);

    if (n < 0) {
        *why = "it is damaged in the archive";
        return -1;
    }
    u->unpacked += (uint64_t)n;
    if (u->unpacked > LIMIT_RATIO_FROM &&
        u->unpacked / LIMIT_RATIO > u->packed) {
        u->bomb = true;
        *why = "it unpacks to more than 200 times its size: not taken";
        return -1;
    }
    return (long)n;
}

/* Zip, tar, tar.gz: no other format is tried on what a stranger sends. */
static struct archive *new_archive(void)
{
    struct archive *a = archive_read_new();

    if (!a)
        fatal("no memory", NULL);
    archive_read_support_filter_gzip(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_zip_seekable(a);
    return a;
}

/* The student and the path of an entry; NULL when it is not taken. */
static struct student *owner_of(struct unpacking *u, const char *name,
                                bool is_file, char **rest)
{
    char *path;

    *rest = NULL;
    if (!u->student)
        return take_path(u->in, name, is_file, rest);
    if (refuse(u->in, u->student, name))
        return NULL;
    if (asprintf(&path, "%s%s", u->prefix, name) < 0)
        fatal("no memory", NULL);
    if (!refuse(u->in, u->student, path))
        *rest = tidy(path);
    free(path);
    return *rest ? u->student : NULL;
}

/* A whole small file of the archive as text: Gradescope's metadata. */
static bool take_metadata(struct unpacking *u, const char *name)
{
    const size_t most = 4 << 20;
    const char *base = strrchr(name, '/'), *why;
    struct source source = {read_entry, u};
    size_t size = 0;
    long n;

    base = base ? base + 1 : name;
    if (u->student || u->in->metadata ||
        strcmp(base, "submission_metadata.yml") != 0)
        return false;
    u->in->metadata = calloc(1, most + 1);
    if (!u->in->metadata)
        fatal("no memory", NULL);
    while (size < most && (n = source.read(&source, u->in->metadata + size,
                                           most - size, &why)) > 0)
        size += (size_t)n;
    return true;
}

static void take_data(struct unpacking *u, struct archive_entry *entry,
                      struct student *s, const char *rest)
{
    struct source source = {read_entry, u};
    const enum kind kind = kind_of(rest);

    if (kind == KIND_OTHER)
        return;
    if (archive_entry_is_encrypted(entry))
        problem(u->in, s, rest, "it is encrypted: not taken");
    else if (kind == KIND_SOURCE)
        stage_file(u->in, s, rest, &source);
    else
        take_nested(u->in, s, rest, &source, u->depth + 1);
}

/* One entry; false when nothing more is to be taken from this archive. */
static bool take_entry(struct unpacking *u, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    const bool is_folder = archive_entry_filetype(entry) == AE_IFDIR;
    struct student *s = NULL;
    char *rest = NULL;

    if (!name) {
        problem(u->in, u->student, u->shown, "it holds a file without a name");
        return true;
    }
    if (take_metadata(u, name))
        return true;
    s = owner_of(u, name, !is_folder, &rest);
    if (!count_entry(u->in, s)) {
        free(rest);
        return s && !u->student;
    }
    if (s && archive_entry_hardlink(entry))
        problem(u->in, s, rest, "a link is not followed");
    else if (s && archive_entry_filetype(entry) == AE_IFREG)
        take_data(u, entry, s, rest);
    else if (s && !is_folder)
        problem(u->in, s, rest, "a symbolic link or device is not taken");
    free(rest);
    if (u->student && ++u->entries > LIMIT_NESTED_ENTRIES) {
        problem(u->in, u->student, u->shown,
                "more than 5,000 files: the rest is not taken");
        return false;
    }
    return !u->bomb;
}

/* What libarchive says is in its own words, often with a name from inside. */
static void damaged(struct unpacking *u, bool any)
{
    problem(u->in, u->student, u->shown,
            any ? "the archive is damaged: what follows is lost"
                : "no zip or tar archive, damaged, or cut off: nothing in it "
                  "can be read");
}

static void unpack(struct unpacking *u)
{
    struct archive_entry *entry;
    bool any = false;

    for (;;) {
        const int status = archive_read_next_header(u->archive, &entry);

        if (status == ARCHIVE_EOF)
            break;
        /* A name that libarchive cannot convert is only worth a warning. */
        if (status == ARCHIVE_RETRY)
            continue;
        if (status < ARCHIVE_WARN) {
            damaged(u, any);
            break;
        }
        any = true;
        if (!take_entry(u, entry))
            break;
    }
    archive_read_free(u->archive);
}

/* A first look at the names alone. */
static void find_wrapper(struct intake *in, int file)
{
    struct archive *a = new_archive();
    struct archive_entry *entry;
    struct wrapper w;
    size_t entries = 0;

    wrapper_begin(&w);
    if (archive_read_open_fd(a, file, 65536) == ARCHIVE_OK) {
        while (archive_read_next_header(a, &entry) >= ARCHIVE_WARN &&
               entries++ < LIMIT_ENTRIES)
            if (archive_entry_pathname(entry))
                wrapper_look(&w, archive_entry_pathname(entry),
                             archive_entry_filetype(entry) == AE_IFDIR);
    }
    archive_read_free(a);
    if (wrapper_found(&w, true) && !(in->wrapper = strdup(w.top)))
        fatal("no memory", NULL);
    wrapper_end(&w);
    if (lseek(file, 0, SEEK_SET) != 0)
        fatal("it cannot be read twice", NULL);
}

void take_archive(struct intake *in, int file, uint64_t size)
{
    struct unpacking u = {
        .in = in, .prefix = "", .archive = new_archive(), .packed = size};

    find_wrapper(in, file);
    if (archive_read_open_fd(u.archive, file, 65536) != ARCHIVE_OK) {
        damaged(&u, false);
        archive_read_free(u.archive);
        return;
    }
    unpack(&u);
}

/* All of a student's archive in memory, or NULL with a problem told. */
static char *read_whole(struct intake *in, struct student *s, const char *rest,
                        struct source *source, size_t *size)
{
    char *data = malloc(LIMIT_NESTED_BYTES + 1);
    const char *why = NULL;
    long n;

    if (!data)
        fatal("no memory", NULL);
    *size = 0;
    while (*size <= LIMIT_NESTED_BYTES &&
           (n = source->read(source, data + *size,
                             LIMIT_NESTED_BYTES + 1 - *size, &why)) > 0)
        *size += (size_t)n;
    if (*size > LIMIT_NESTED_BYTES)
        why = "larger than 32 MiB: not taken";
    else if (*size == 0 && !why)
        why = "it is empty";
    if (why) {
        problem(in, s, rest, "%s", why);
        free(data);
        return NULL;
    }
    return data;
}

/* work.tar.gz gives work/ */
static char *folder_for(const char *rest)
{
    const char *dot = strrchr(rest, '.');
    size_t n = (size_t)(dot - rest);
    char *folder;

    if (n > 4 && strncmp(dot - 4, ".tar", 4) == 0)
        n -= 4;
    if (asprintf(&folder, "%.*s/", (int)n, rest) < 0)
        fatal("no memory", NULL);
    return folder;
}

void take_nested(struct intake *in, struct student *s, const char *rest,
                 struct source *source, int depth)
{
    struct unpacking u = {
        .in = in, .student = s, .shown = rest, .depth = depth};
    size_t size;
    char *data;

    if (depth > LIMIT_ARCHIVES || ++s->archives > LIMIT_NESTED_ARCHIVES) {
        problem(in, s, rest,
                depth > LIMIT_ARCHIVES
                    ? "archives in archives in archives: not taken"
                    : "more than 50 archives: not taken");
        return;
    }
    data = read_whole(in, s, rest, source, &size);
    if (!data)
        return;
    u.packed = size;
    u.prefix = folder_for(rest);
    u.archive = new_archive();
    if (archive_read_open_memory(u.archive, data, size) == ARCHIVE_OK) {
        unpack(&u);
    } else {
        damaged(&u, false);
        archive_read_free(u.archive);
    }
    free(u.prefix);
    free(data);
}

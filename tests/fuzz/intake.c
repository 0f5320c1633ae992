/*
 * What a class hands in: an archive (first byte even), or names, a line each,
 * and Gradescope's metadata after a NUL.
 *
 * with: intake/%
 * runs: 250
 * links: -larchive -ljansson
 */
#include "fuzz.h"

#include "../../tools/intake/intake.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char stage[] = "/tmp/rl-fuzz.XXXXXX";

static int remove_one(const char *path, const struct stat *st, int flag,
                      struct FTW *ftw)
{
    (void)st;
    (void)flag;
    return ftw->level ? remove(path) : 0;
}

static void empty_stage(void)
{
    nftw(stage, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void leave(void)
{
    empty_stage();
    rmdir(stage);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setlocale(LC_CTYPE, "C.UTF-8"); /* as rl-intake does */
    if (!mkdtemp(stage))
        abort();
    atexit(leave);
    return 0;
}

static void take_names(struct intake *in, char *text)
{
    for (char *line; (line = strsep(&text, "\n"));) {
        char *rest = NULL;

        if (*line && take_path(in, line, true, &rest))
            free(rest);
    }
}

/* What rl-intake leaves to the end of its process. */
static void forget(struct intake *in)
{
    for (size_t i = 0; i < in->student_count; i++) {
        free(in->students[i]->key);
        free(in->students[i]->name);
        free(in->students[i]->id);
        json_decref(in->students[i]->problems);
        free(in->students[i]);
    }
    free(in->students);
    free(in->metadata);
    json_decref(in->problems);
    close(in->stage);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct intake in = {.problems = json_array()};

    in.stage = open(stage, O_RDONLY | O_DIRECTORY);
    if (size > 1 && data[0] & 1) {
        char *names = malloc(size);
        char *end;

        memcpy(names, data + 1, size - 1);
        names[size - 1] = '\0';
        end = names + strlen(names);
        take_names(&in, names);
        if (end < names + size - 1)
            names_from_metadata(&in, end + 1);
        free(names);
    } else if (size > 1) {
        int file = memfd_create("archive", MFD_CLOEXEC);

        if (write(file, data + 1, size - 1) == (ssize_t)(size - 1) &&
            lseek(file, 0, SEEK_SET) == 0)
            take_archive(&in, file, size - 1);
        close(file);
        if (in.metadata)
            names_from_metadata(&in, in.metadata);
    }
    if (in.student_count)
        empty_stage();
    forget(&in);
    return 0;
}

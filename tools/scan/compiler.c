/*
 * The compiler, in a sandbox of its own for all files: names may hold anything.
 */
#include "compiler.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT = 64 << 20, WALL_MS = 100000 };

static void *must(void *memory)
{
    if (!memory) {
        fputs("rl-scan: out of memory\n", stderr);
        exit(70);
    }
    return memory;
}

static void add(struct compiler *cc, const char *argument)
{
    cc->arguments = must(
        reallocarray(cc->arguments, cc->count + 1, sizeof(*cc->arguments)));
    cc->arguments[cc->count++] = must(strdup(argument));
}

/* One argument a line. */
static int add_lines(struct compiler *cc, const char *unit, const char *name)
{
    char path[4096], *line = NULL;
    size_t size = 0;
    ssize_t length;
    FILE *in;

    snprintf(path, sizeof(path), "%s/%s", unit, name);
    in = fopen(path, "r");
    if (!in) {
        fprintf(stderr, "rl-scan: no unit: %s is missing\n", path);
        return 70;
    }
    while ((length = getline(&line, &size, in)) >= 0) {
        if (length && line[length - 1] == '\n') {
            line[--length] = '\0';
        }
        if (length) {
            add(cc, line);
        }
    }
    free(line);
    fclose(in);
    return 0;
}

/* The sources, and the folders of -I. */
static int open_box(struct compiler *cc, const char *unit)
{
    struct box_options *o = must(calloc(1, sizeof(*o)));
    struct dirent **names;
    char *folder, why[300];
    int n;

    if (asprintf(&folder, "%s/src", unit) < 0)
        return 70;
    n = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < n && o->nfiles < BOX_FILES; i++) {
        char *from, *to;

        if (*names[i]->d_name == '.')
            continue;
        if (asprintf(&from, "%s/%s", folder, names[i]->d_name) < 0 ||
            asprintf(&to, "/unit/src/%s", names[i]->d_name) < 0)
            return 70;
        o->files[o->nfiles++] = (struct box_file){from, to};
    }
    for (size_t i = 0; i < cc->count && o->nfolders < BOX_FILES; i++)
        if (strncmp(cc->arguments[i], "-I/", 3) == 0)
            o->folders[o->nfolders++] = cc->arguments[i] + 2;
    cc->box = box_open(o, why, sizeof(why));
    if (!cc->box)
        fprintf(stderr, "rl-scan: no sandbox: %s\n", why);
    return cc->box ? 0 : 3;
}

int compiler_read(struct compiler *cc, const char *unit)
{
    static const char *const flags[] = {"-std=gnu11", "-pthread", "-w",
                                        "-DNVALGRIND", "-U__SANITIZE_THREAD__"};
    int status;

    memset(cc, 0, sizeof(*cc));
    status = add_lines(cc, unit, "cc");
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        add(cc, flags[i]);
    }
    status = status ? status : add_lines(cc, unit, "cflags");
    return status ? status : open_box(cc, unit);
}

void compiler_free(struct compiler *cc)
{
    box_close(cc->box);
    for (size_t i = 0; i < cc->count; i++) {
        free(cc->arguments[i]);
    }
    free(cc->arguments);
}

char *read_all(int fd, size_t *length)
{
    size_t room = 1 << 16;
    char *bytes = must(malloc(room));
    ssize_t got;

    *length = 0;
    while ((got = read(fd, bytes + *length, room - *length)) > 0) {
        *length += (size_t)got;
        if (*length == room) {
            room *= 2;
            bytes = must(realloc(bytes, room));
        }
    }
    if (got < 0) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

/* Reads what comes until the end, at most LIMIT bytes for WALL_MS. NULL: more,
 * or it takes too long. */
static char *collect(int fd, size_t *length)
{
    size_t room = 1 << 16;
    char *bytes = must(malloc(room));
    struct pollfd polled = {fd, POLLIN, 0};
    ssize_t got = -1;

    *length = 0;
    while (*length < LIMIT && poll(&polled, 1, WALL_MS) > 0 &&
           (got = read(fd, bytes + *length, room - *length)) > 0) {
        *length += (size_t)got;
        if (*length == room) {
            room *= 2;
            bytes = must(realloc(bytes, room));
        }
    }
    if (got == 0)
        return bytes;
    free(bytes);
    return NULL;
}

static bool ended_well(struct box *box)
{
    struct pollfd polled = {box_event(box), POLLIN, 0};
    struct box_end end = {.status = -1};
    long cpu_ms = 0;

    while (!box_ended(box, &end) && poll(&polled, 1, WALL_MS) > 0)
        continue;
    box_finish(box, &cpu_ms);
    return WIFEXITED(end.status) && WEXITSTATUS(end.status) == 0;
}

/* What a shell script in the box prints, called with the compiler's words and
 * a source. */
static char *ask(const struct compiler *cc, const char *script,
                 const char *source, size_t *length)
{
    static char *env[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8",
                          NULL};
    char **argv = must(calloc(cc->count + 6, sizeof(*argv)));
    struct box_job job = {.argv = argv,
                          .env = env,
                          .numbers = {0, 1, 2},
                          .nfds = 3,
                          .limits = {.cpu = 40, .address = 8192}};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), ends[2], error;
    char *bytes = NULL;
    size_t n = 0;

    argv[n++] = "sh";
    argv[n++] = "-c";
    argv[n++] = (char *)script;
    argv[n++] = "sh";
    memcpy(argv + n, cc->arguments, cc->count * sizeof(*argv));
    argv[n + cc->count] = (char *)source;
    if (null >= 0 && pipe2(ends, O_CLOEXEC) == 0) {
        job.fds[0] = job.fds[2] = null;
        job.fds[1] = ends[1];
        if (box_start(cc->box, &job, &error) > 0) {
            close(ends[1]);
            bytes = collect(ends[0], length);
            if (!ended_well(cc->box)) {
                free(bytes);
                bytes = NULL;
            }
        } else {
            fprintf(stderr, "rl-scan: %s\n", strerror(error));
            close(ends[1]);
        }
        close(ends[0]);
    }
    if (null >= 0)
        close(null);
    free(argv);
    return bytes;
}

char *compiler_preprocess(const struct compiler *cc, const char *source,
                          size_t *length)
{
    return ask(cc, "cd ../unit/src && exec \"$@\" -E", source, length);
}

int compiler_compile(const struct compiler *cc, const char *source,
                     const char *object)
{
    size_t length;
    char *bytes = ask(cc,
                      "TMPDIR=$PWD; export TMPDIR; cd ../unit/src && "
                      "\"$@\" -c -o \"$TMPDIR/o\" && cat \"$TMPDIR/o\"",
                      source, &length);
    int fd = open(object, O_WRONLY | O_TRUNC | O_CLOEXEC);
    bool written =
        bytes && fd >= 0 && write(fd, bytes, length) == (ssize_t)length;

    if (fd >= 0)
        close(fd);
    free(bytes);
    return written ? 0 : 2;
}

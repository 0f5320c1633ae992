/*
 * Starts the compiler without a shell: names may hold anything.
 */
#include "compiler.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { EXTRA = 6 };

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
    cc->arguments = must(reallocarray(cc->arguments, cc->count + 1 + EXTRA,
                                      sizeof(*cc->arguments)));
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
    return status ? status : add_lines(cc, unit, "cflags");
}

void compiler_free(struct compiler *cc)
{
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

/* Starts the compiler with a few more arguments, its output to fd. */
static pid_t start(const struct compiler *cc, const char *const *more, int fd)
{
    posix_spawn_file_actions_t actions;
    size_t n = cc->count;
    pid_t pid;
    int err;

    for (; *more; more++) {
        cc->arguments[n++] = (char *)*more;
    }
    cc->arguments[n] = NULL;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (fd >= 0) {
        posix_spawn_file_actions_adddup2(&actions, fd, 1);
    }
    err = posix_spawnp(&pid, cc->arguments[0], &actions, NULL, cc->arguments,
                       environ);
    posix_spawn_file_actions_destroy(&actions);
    if (err) {
        fprintf(stderr, "rl-scan: %s: %s\n", cc->arguments[0], strerror(err));
        return -1;
    }
    return pid;
}

static int ended_well(pid_t pid)
{
    int status;

    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

char *compiler_preprocess(const struct compiler *cc, const char *source,
                          size_t *length)
{
    const char *const more[] = {"-E", source, NULL};
    int ends[2];
    char *bytes;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return NULL;
    }
    pid = start(cc, more, ends[1]);
    close(ends[1]);
    bytes = read_all(ends[0], length);
    close(ends[0]);
    if (!ended_well(pid)) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

int compiler_compile(const struct compiler *cc, const char *source,
                     const char *object)
{
    const char *const more[] = {"-c", "-o", object, source, NULL};

    return ended_well(start(cc, more, -1)) ? 0 : 2;
}

// Reads the dynamic symbols of a binary and of the libraries it loads.

#include "unsupported.h"

#include "../rt/libc_table.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct wraps {
    char *text; // the list as read, cut into names
    char **name;
    size_t n;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *read_all(FILE *f)
{
    char *text = NULL;
    size_t room = 0;
    ssize_t n = f ? getdelim(&text, &room, EOF, f) : -1;

    if (f)
        fclose(f);
    if (n >= 0)
        return text;
    free(text);
    return NULL;
}

static bool read_wraps(struct wraps *w, const char *path)
{
    static const char option[] = "-Wl,--wrap=";
    char *save, *line;

    *w = (struct wraps){.text = read_all(fopen(path, "re"))};
    if (!w->text)
        return false;
    w->name = calloc(strlen(w->text) / sizeof option + 1, sizeof *w->name);
    if (!w->name)
        return false;
    line = strtok_r(w->text, "\n", &save);
    for (; line; line = strtok_r(NULL, "\n", &save))
        if (!strncmp(line, option, sizeof option - 1))
            w->name[w->n++] = line + sizeof option - 1;
    qsort(w->name, w->n, sizeof *w->name, by_name);
    return true;
}

static bool is_wrapped(const struct wraps *w, const char *name)
{
    return bsearch(&name, w->name, w->n, sizeof *w->name, by_name);
}

// A binary's undefined dynamic symbols, each given to `each`.
typedef void symbol_fn(void *ctx, const char *name);

static bool each_undefined(const char *path, symbol_fn *each, void *ctx)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = NULL;
    Elf_Scn *section = NULL;
    bool ok = false;

    if (fd < 0)
        return false;
    errno = 0;
    elf_version(EV_CURRENT);
    elf = elf_begin(fd, ELF_C_READ, NULL);
    while (elf && (section = elf_nextscn(elf, section))) {
        GElf_Shdr head;
        Elf_Data *data = elf_getdata(section, NULL);
        GElf_Sym symbol;

        if (!gelf_getshdr(section, &head) || head.sh_type != SHT_DYNSYM)
            continue;
        ok = true;
        for (int i = 1; data && gelf_getsym(data, i, &symbol); i++)
            if (symbol.st_shndx == SHN_UNDEF)
                each(ctx, elf_strptr(elf, head.sh_link, symbol.st_name));
    }
    elf_end(elf);
    close(fd);
    return ok;
}

struct search {
    const struct wraps *wraps;
    unsupported_say *say;
    void *ctx;
    int said;
    const char *thread_symbol; // the first one of a library
};

static void check_symbol(void *ctx, const char *name)
{
    struct search *s = ctx;

    if (!name || !*name || is_wrapped(s->wraps, name) || libc_harmless(name))
        return;
    s->say(s->ctx, name, "is not modelled");
    s->said++;
}

static void find_thread_symbol(void *ctx, const char *name)
{
    static const char *const kinds[] = {"pthread_", "sem_", "thrd_",    "mtx_",
                                        "cnd_",     "tss_", "call_once"};
    struct search *s = ctx;

    for (size_t i = 0; name && i < sizeof kinds / sizeof *kinds; i++)
        if (!strncmp(name, kinds[i], strlen(kinds[i])) && !s->thread_symbol)
            s->thread_symbol = strdup(name);
}

// Those of libc itself, whose functions the table knows one by one.
static bool is_libc(const char *library)
{
    static const char *const names[] = {
        "libc.so",  "libm.so",     "libpthread.so", "libdl.so",
        "librt.so", "libgcc_s.so", "ld-linux",      "linux-vdso"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strncmp(library, names[i], strlen(names[i])))
            return true;
    return false;
}

static void check_library(struct search *s, const char *name, const char *path)
{
    char why[200];

    if (is_libc(name))
        return;
    free((char *)s->thread_symbol);
    s->thread_symbol = NULL;
    if (!each_undefined(path, find_thread_symbol, s)) {
        s->say(s->ctx, name, "is a library that cannot be read");
    } else if (s->thread_symbol) {
        snprintf(why, sizeof why, "is a library that calls %s by itself",
                 s->thread_symbol);
        s->say(s->ctx, name, why);
    } else {
        return;
    }
    s->said++;
}

// What the loader would load: it prints "NAME => PATH (ADDRESS)" and ends.
static char *loaded_libraries(const char *binary)
{
    char *argv[] = {(char *)binary, NULL};
    char *env[] = {"LD_TRACE_LOADED_OBJECTS=1", NULL};
    posix_spawn_file_actions_t actions;
    char *text = NULL;
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC))
        return NULL;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    if (!posix_spawn(&pid, binary, &actions, NULL, argv, env)) {
        close(ends[1]);
        text = read_all(fdopen(ends[0], "r"));
        waitpid(pid, NULL, 0);
    } else {
        close(ends[0]);
        close(ends[1]);
    }
    posix_spawn_file_actions_destroy(&actions);
    return text;
}

static void check_libraries(struct search *s, const char *binary)
{
    char *text = loaded_libraries(binary), *save, *line;

    line = text ? strtok_r(text, "\n", &save) : NULL;
    for (; line; line = strtok_r(NULL, "\n", &save)) {
        char *arrow = strstr(line, " => "), *end;

        line += strspn(line, "\t ");
        if (!arrow)
            continue;
        *arrow = 0;
        end = strstr(arrow + 4, " (0x");
        if (end)
            *end = 0;
        check_library(s, line, arrow + 4);
    }
    free(text);
}

int unsupported_names(const char *binary, const char *wraps,
                      unsupported_say *say, void *ctx)
{
    struct wraps w;
    struct search s = {.wraps = &w, .say = say, .ctx = ctx, .said = -1};

    if (!read_wraps(&w, wraps))
        goto out;
    s.said = 0;
    if (!each_undefined(binary, check_symbol, &s)) {
        s.said = -1;
        goto out;
    }
    check_libraries(&s, binary);
out:
    free((char *)s.thread_symbol);
    free(w.name);
    free(w.text);
    return s.said;
}

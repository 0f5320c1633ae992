/*
 * See box.h. Which way a box is made; the ways are spaces.c and direct.c.
 */
#include "inner.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_USER = 61184, USERS = 4336 };

uid_t inner_user(void)
{
    return geteuid() == 0 ? (uid_t)(FIRST_USER + getpid() % USERS) : (uid_t)-1;
}

static struct box *make(const struct box_options *o, enum box_level level,
                        char *why, size_t size)
{
    struct box *b = calloc(1, sizeof *b);
    bool opened;

    if (!b)
        exit(70);
    b->level = level;
    b->options = *o;
    if (b->options.scratch <= 0)
        b->options.scratch = BOX_SCRATCH;
    b->user = level >= BOX_PRIVILEGES ? inner_user() : (uid_t)-1;
    b->scratch = b->socket = b->event = -1;
    opened = level == BOX_NAMESPACES ? spaces_open(b, why, size)
                                     : direct_open(b, why, size);
    if (opened)
        return b;
    box_close(b);
    return NULL;
}

const char *box_level_name(enum box_level level)
{
    static const char *const names[] = {"off", "limits", "privileges",
                                        "namespaces"};

    return names[level];
}

/* A program that does nothing, really run at this level. */
static bool level_works(enum box_level level, char *why, size_t size)
{
    static char *argv[] = {"true", NULL};
    static char *env[] = {"PATH=/usr/bin:/bin", NULL};
    const struct box_options o = {.nfiles = 0};
    struct box *b = make(&o, level, why, size);
    const struct box_job job = {.argv = argv, .env = env};
    int error = 0;
    bool works;

    if (!b)
        return false;
    works = box_start(b, &job, &error) > 0;
    if (!works)
        snprintf(why, size, "no program starts in it: %s", strerror(error));
    box_close(b);
    return works;
}

static int best_level(char *why, size_t size)
{
    const char *wish = getenv("RL_SANDBOX");
    char reason[200] = "";
    bool require = wish && strcmp(wish, "require") == 0;

    if (wish && strcmp(wish, "off") == 0)
        return BOX_OFF;
    if (wish && *wish && !require && strcmp(wish, "auto") != 0) {
        snprintf(why, size, "SANDBOX is auto, require or off, not '%s'", wish);
        return -1;
    }
    if (level_works(BOX_NAMESPACES, reason, sizeof reason))
        return BOX_NAMESPACES;
    snprintf(why, size, "%sno namespaces: %s",
             require ? "SANDBOX=require cannot be had here, " : "", reason);
    if (require)
        return -1;
    return level_works(BOX_PRIVILEGES, reason, sizeof reason) ? BOX_PRIVILEGES
                                                              : BOX_LIMITS;
}

int box_level(char *why, size_t size)
{
    const char *known = getenv("RL_SANDBOX_LEVEL");

    *why = '\0';
    for (int level = BOX_OFF; known && level <= BOX_NAMESPACES; level++) {
        if (strcmp(known, box_level_name(level)) == 0)
            return level;
    }
    return best_level(why, size);
}

struct box *box_open(const struct box_options *o, char *why, size_t size)
{
    const char *wish = getenv("RL_SANDBOX");
    int level = box_level(why, size);

    if (o->outside && wish && strcmp(wish, "require") == 0) {
        snprintf(why, size, "a debugger needs the program outside of it");
        return NULL;
    }
    if (o->outside)
        level = BOX_OFF;
    return level < 0 ? NULL : make(o, (enum box_level)level, why, size);
}

void box_close(struct box *b)
{
    if (!b)
        return;
    if (b->scratch >= 0)
        close(b->scratch);
    if (b->level == BOX_NAMESPACES)
        spaces_close(b);
    else
        direct_close(b);
    free(b);
}

enum box_level box_is(const struct box *b)
{
    return b->level;
}

char *box_path(const struct box *b, const char *path, char buffer[BOX_PATH])
{
    snprintf(buffer, BOX_PATH, "%s%s", b->prefix, path);
    return buffer;
}

int box_scratch(struct box *b)
{
    char path[128];

    if (b->level == BOX_NAMESPACES)
        snprintf(path, sizeof path, "/proc/%d/root/scratch", b->program);
    else
        snprintf(path, sizeof path, "%s/scratch", b->prefix);
    if (b->scratch >= 0)
        close(b->scratch);
    b->scratch = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return b->scratch;
}

pid_t box_start(struct box *b, const struct box_job *job, int *error)
{
    pid_t pid = b->level == BOX_NAMESPACES ? spaces_start(b, job, error)
                                           : direct_start(b, job, error);

    b->program = pid;
    b->running = pid > 0;
    return pid;
}

int box_event(const struct box *b)
{
    return b->level == BOX_NAMESPACES ? b->socket : b->event;
}

bool box_ended(struct box *b, struct box_end *end)
{
    if (!b->running)
        return false;
    b->running = !(b->level == BOX_NAMESPACES ? spaces_ended(b, end)
                                              : direct_ended(b, end));
    return !b->running;
}

void box_signal(struct box *b, int signal)
{
    if (b->level == BOX_NAMESPACES)
        spaces_signal(b, signal);
    else
        direct_signal(b, signal);
}

int box_finish(struct box *b, long *cpu_ms)
{
    b->running = false;
    return b->level == BOX_NAMESPACES ? spaces_finish(b, cpu_ms)
                                      : direct_finish(b, cpu_ms);
}

pid_t box_top(const struct box *b)
{
    return b->top;
}

/* See blind.h; ../symbols reads the binary. */
#include "blind.h"

#include "../symbols/gaps.h"
#include "../symbols/unsupported.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void add_name(void *ctx, const char *name, const char *why)
{
    struct report *r = ctx;
    size_t n = strlen(r->reason);

    if (!r->unanswered++)
        snprintf(r->reason, sizeof r->reason, "unsupported: %s %s", name, why);
    else if (n + strlen(name) + strlen(why) + 4 < sizeof r->reason)
        sprintf(r->reason + n, ", %s %s", name, why);
}

/* The linker's list, beside the archive that it was made from. */
static const char *wraps(char path[PATH_MAX])
{
    static const char there[] = "/../lib/explore.wraps";
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - sizeof there);

    if (n < 0)
        return "explore.wraps";
    path[n] = 0;
    strcpy(strrchr(path, '/'), there);
    return path;
}

bool blind_names_ok(const char *binary, struct report *r)
{
    char path[PATH_MAX];
    int n = unsupported_names(binary, wraps(path), add_name, r);

    if (n < 0) {
        r->unanswered++;
        snprintf(r->reason, sizeof r->reason, "%s: %s", binary,
                 errno ? strerror(errno) : "not an ELF program");
    }
    return n == 0;
}

struct places {
    bool stacks_met;
    unsigned n;
    char *reason;
    size_t size;
};

static void add_place(void *ctx, const struct gap *gap)
{
    struct places *p = ctx;

    if ((gap->frame && !p->stacks_met) || p->n++)
        return;
    if (gap->file)
        snprintf(p->reason, p->size,
                 "uninstrumented: the compiler does not announce that %s "
                 "%s memory at %s:%d",
                 gap->function, gap->write ? "writes" : "reads",
                 symbols_base(gap->file), gap->line);
    else
        snprintf(p->reason, p->size,
                 "uninstrumented: %s was not built for the explorer",
                 gap->function);
}

bool blind_places_ok(const char *binary, bool stacks_met, char *reason,
                     size_t size)
{
    struct places p = {stacks_met, 0, reason, size};
    char why[160];

    if (gaps_find(binary, add_place, &p, why, sizeof why) >= 0)
        return !p.n;
    snprintf(reason, size, "uninstrumented: %s", why);
    return false;
}

/* See token.h. */
#include "token.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the form, and of what the moves mean. */
enum { TOKEN_VERSION = RX_PROTO_VERSION + 1 };

/* a to z, A to Z, then ~a to ~k. */
static void put_thread(FILE *out, unsigned t)
{
    if (t >= 52) {
        putc('~', out);
        t -= 52;
    }
    putc(t < 26 ? (int)('a' + t) : (int)('A' + t - 26), out);
}

static bool get_thread(const char **p, unsigned *t)
{
    unsigned more = 0;

    if (**p == '~') {
        more = 52;
        ++*p;
    }
    if (**p >= 'a' && **p <= 'z')
        *t = (unsigned)(**p - 'a') + more;
    else if (**p >= 'A' && **p <= 'Z')
        *t = (unsigned)(**p - 'A') + 26 + more;
    else
        return false;
    ++*p;
    return *t < RL_THREADS;
}

static void put_moves(FILE *out, const struct rx_shm *shm)
{
    uint32_t n = shm->result.nevents;

    for (uint32_t i = 0, k; i < n; i = k) {
        const struct rx_event *e = &shm->event[i];

        for (k = i + 1; k < n && shm->event[k].thread == e->thread &&
                        shm->event[k].choice == e->choice;
             k++)
            continue;
        put_thread(out, e->thread);
        if (k - i > 1)
            fprintf(out, "%u", k - i);
        if (e->choice)
            fprintf(out, ".%u", e->choice);
    }
}

char *token_of(struct server *s, struct token_id id)
{
    const struct rx_shm *shm = server_shm(s);
    const struct rx_job *job = &shm->job;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        exit(70);
    fprintf(out, "x%d-%c%08x-%04x-%04x-%u%u%u%u-", TOKEN_VERSION, id.family,
            id.program, id.args, id.input, job->plain + 2 * job->reuse,
            job->budget.early, job->budget.spurious, job->budget.weak);
    put_moves(out, shm);
    fclose(out);
    return text;
}

static const char *read_moves(struct rx_shm *shm, const char *p)
{
    struct rx_job *job = &shm->job;

    job->nprefix = 0;
    while (*p) {
        unsigned t, n = 1, choice = 0;
        char *end;

        if (!get_thread(&p, &t))
            return "it is damaged";
        if (isdigit((unsigned char)*p)) {
            n = (unsigned)strtoul(p, &end, 10);
            p = end;
        }
        if (*p == '.' && isdigit((unsigned char)p[1])) {
            choice = (unsigned)strtoul(p + 1, &end, 10);
            p = end;
        }
        if (n > RX_MAX_STEPS - job->nprefix || choice > RL_NOBODY)
            return "it is damaged";
        while (n--)
            shm->prefix[job->nprefix++] =
                (struct rx_pick){(uint8_t)t, (uint8_t)choice};
    }
    return NULL;
}

static const char *family_name(char family)
{
    return family == 'g' ? "gcc" : family == 'c' ? "clang" : "some compiler";
}

/* NULL, or how the two differ. */
static const char *other(const struct token_id *theirs,
                         const struct token_id *ours)
{
    static char text[120];

    if (theirs->family != ours->family) {
        snprintf(text, sizeof text,
                 "it is of a program built with %s, and this one is built "
                 "with %s",
                 family_name(theirs->family), family_name(ours->family));
        return text;
    }
    if (theirs->program != ours->program)
        return "it belongs to another program, or this one has been changed";
    if (theirs->args != ours->args)
        return "it was made with other arguments";
    if (theirs->input != ours->input)
        return "it was made with another standard input";
    return NULL;
}

const char *token_read(struct server *s, struct token_id id, const char *token)
{
    struct rx_shm *shm = server_shm(s);
    struct rx_job *job = &shm->job;
    struct token_id of;
    const char *why;
    char mode[5];
    unsigned version;
    int at = 0;

    if (sscanf(token, "x%u-", &version) == 1 && version != TOKEN_VERSION)
        return "it was made by another version of rl-explore";
    if (sscanf(token, "x%u-%c%8x-%4hx-%4hx-%4[0-3]-%n", &version, &of.family,
               &of.program, &of.args, &of.input, mode, &at) != 6 ||
        !at || strlen(mode) != 4)
        return "it is no token, or damaged";
    why = other(&of, &id);
    if (why)
        return why;
    memset(job, 0, sizeof *job);
    strcpy(job->strategy, "nopreempt");
    job->plain = (mode[0] - '0') & 1 ? RX_PLAIN_SHARED : RX_PLAIN_NONE;
    job->reuse = mode[0] >= '2';
    job->budget.early = mode[1] == '1';
    job->budget.spurious = mode[2] == '1';
    job->budget.weak = mode[3] == '1';
    return read_moves(shm, token + at);
}

/* FNV-1a. */
static uint32_t mix(uint32_t hash, const void *bytes, size_t n)
{
    const unsigned char *b = bytes;

    while (n--)
        hash = (hash ^ *b++) * 16777619u;
    return hash;
}

static uint32_t mix_file(uint32_t hash, const char *file)
{
    FILE *f = file ? fopen(file, "rb") : NULL;
    char buf[16384];
    size_t n;

    if (!f)
        return hash;
    while ((n = fread(buf, 1, sizeof buf, f)) > 0)
        hash = mix(hash, buf, n);
    fclose(f);
    return hash;
}

static uint16_t fold(uint32_t hash)
{
    return (uint16_t)(hash ^ hash >> 16);
}

struct token_id token_identify(const char *text, const char *binary,
                               char **args, const char *input)
{
    const uint32_t begin = 2166136261u;
    struct token_id id = {.family = 'x'};
    uint32_t hash = begin;

    if (text && !strncmp(text, "gcc-", 4))
        id.family = 'g';
    else if (text && !strncmp(text, "clang-", 6))
        id.family = 'c';
    id.program =
        text ? mix(begin, text, strlen(text)) : mix_file(begin, binary);
    for (char **a = args; *a; a++)
        hash = mix(hash, *a, strlen(*a) + 1);
    id.args = fold(hash);
    id.input = fold(mix_file(begin, input));
    return id;
}

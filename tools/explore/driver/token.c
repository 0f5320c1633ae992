/* See token.h. */
#include "token.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

char *token_of(struct server *s, uint32_t id)
{
    const struct rx_shm *shm = server_shm(s);
    const struct rx_job *job = &shm->job;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        exit(70);
    fprintf(out, "x%d-%08x-%u%u%u%u-", RX_PROTO_VERSION, id, job->plain,
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

const char *token_read(struct server *s, uint32_t id, const char *token)
{
    struct rx_shm *shm = server_shm(s);
    struct rx_job *job = &shm->job;
    char mode[5];
    unsigned version, hash;
    int at = 0;

    if (sscanf(token, "x%u-%8x-%4[01]-%n", &version, &hash, mode, &at) != 3 ||
        !at || strlen(mode) != 4)
        return "it is no token, or damaged";
    if (version != RX_PROTO_VERSION)
        return "it was made by another version of rl-explore";
    if (hash != id)
        return "it belongs to another program, other arguments or another "
               "input";
    memset(job, 0, sizeof *job);
    strcpy(job->strategy, "nopreempt");
    job->plain = mode[0] == '1' ? RX_PLAIN_SHARED : RX_PLAIN_NONE;
    job->budget.early = mode[1] == '1';
    job->budget.spurious = mode[2] == '1';
    job->budget.weak = mode[3] == '1';
    return read_moves(shm, token + at);
}

uint32_t token_begin(void)
{
    return 2166136261u;
}

uint32_t token_mix(uint32_t hash, const void *bytes, size_t n)
{
    const unsigned char *b = bytes;

    while (n--)
        hash = (hash ^ *b++) * 16777619u;
    return hash;
}

uint32_t token_mix_file(uint32_t hash, const char *file)
{
    FILE *f = file ? fopen(file, "rb") : NULL;
    char buf[16384];
    size_t n;

    if (!f)
        return hash;
    while ((n = fread(buf, 1, sizeof buf, f)) > 0)
        hash = token_mix(hash, buf, n);
    fclose(f);
    return hash;
}

/* See steady.h. */
#include "steady.h"
#include "bag.h"
#include "ends.h"

#include <stdlib.h>
#include <string.h>

/* The first step in which two runs differ, or where the shorter ends. */
static uint32_t parting(const struct rx_event *a, uint32_t na,
                        const struct rx_event *b, uint32_t nb)
{
    uint32_t i = 0;

    while (i < na && i < nb && a[i].thread == b[i].thread &&
           a[i].step.op == b[i].step.op && a[i].pc == b[i].pc)
        i++;
    return i;
}

static void tell(struct judge *j, const struct rx_event *first, uint32_t n)
{
    const struct rx_shm *shm = server_shm(j->server);
    struct finding *f = judge_new(j, RX_NONDETERMINISM, false);
    uint32_t at = parting(first, n, shm->event, shm->result.nevents);

    finding_message(f, "the same schedule gave two different runs");
    if (at < shm->result.nevents) {
        const struct rx_event *e = &shm->event[at];

        finding_message_add(f, ": they part at step %u, at %s", at + 1,
                            names_where(j->names, e->pc));
        judge_party(j, f, e->thread, "step", e->pc, RX_NO_OBJECT);
    }
    finding_message_add(f, "; something outside of the program's threads "
                           "decides, such as true random numbers");
    judge_put(j, f);
}

bool steady(struct judge *j, bool *differs)
{
    const struct rx_shm *shm = server_shm(j->server);
    struct rx_event *first;
    const char *out;
    char *before;
    size_t length, now;
    uint32_t n, end;
    uint64_t hash;

    if (!server_run(j->server))
        return false;
    n = shm->result.nevents;
    end = shm->result.end;
    hash = shm->result.hash;
    first = malloc((n + 1) * sizeof *first);
    out = server_stdout(j->server, &length);
    before = malloc(length + 1);
    if (!first || !before)
        exit(70);
    memcpy(first, shm->event, n * sizeof *first);
    memcpy(before, out, length);
    if (ends_verdict(&shm->result) && server_run(j->server)) {
        out = server_stdout(j->server, &now);
        *differs = ends_verdict(&shm->result) &&
                   (shm->result.hash != hash || shm->result.end != end ||
                    now != length || memcmp(out, before, length));
        if (*differs)
            tell(j, first, n);
    }
    free(first);
    free(before);
    return true;
}

/* See replay.h. */
#include "replay.h"
#include "ends.h"
#include "gdb.h"
#include "shorten.h"
#include "story.h"
#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the token's picks are counted in: the places that threads share. */
static bool learn_places(const struct plan *p, struct judge *j)
{
    static const char *const strategies[] = {"nopreempt", "lastfirst"};
    struct rx_shm *shm = server_shm(j->server);

    for (int i = 0; i < 2; i++) {
        memset(&shm->job, 0, sizeof shm->job);
        strcpy(shm->job.strategy, strategies[i]);
        shm->job.max_steps = p->max_steps;
        shm->job.record = 1;
        if (!server_run(j->server))
            return false;
        if (!i) {
            j->bag = bag_new();
            judge_reference(j);
            bag_free(j->bag);
        }
    }
    server_freeze(j->server);
    return true;
}

static void refuse(struct report *r, const char *why)
{
    r->unanswered = 1;
    snprintf(r->reason, sizeof r->reason, "the token cannot be followed: %s",
             why);
    snprintf(r->basis, sizeof r->basis, "nothing was run");
}

static void diverged(struct judge *j, struct report *r)
{
    const struct rx_shm *shm = server_shm(j->server);
    uint32_t at = shm->result.nevents;
    char why[120];

    snprintf(why, sizeof why, "at step %u %s cannot go on as it says", at + 1,
             names_thread(j->names, shm->prefix[at].thread));
    refuse(r, why);
}

/* Runs the token's interleaving. False when the server died; a token that
 * cannot be followed is a reason in the report. */
static bool follow(const struct plan *p, const char *token, struct judge *j,
                   struct report *r)
{
    struct rx_shm *shm = server_shm(j->server);
    struct bag *bag = j->bag;
    const char *why;

    memset(r, 0, sizeof *r);
    if (!learn_places(p, j))
        return false;
    j->bag = bag;
    why = token_read(j->server, j->id, token);
    if (why) {
        refuse(r, why);
        return true;
    }
    shm->job.max_steps = p->max_steps;
    if (!server_run(j->server))
        return false;
    if (shm->result.end == RX_END_DIVERGED)
        diverged(j, r);
    else
        judge_run(j);
    return true;
}

bool replay_run(const struct plan *p, const char *token, FILE *story,
                struct judge *j, struct report *r)
{
    struct rx_shm *shm = server_shm(j->server);

    if (!follow(p, token, j, r))
        return false;
    if (r->unanswered)
        return true;
    r->runs = 1;
    r->wrong = j->errors > 0;
    if (!ends_verdict(&shm->result)) {
        r->unanswered = 1;
        ends_reason(&shm->result, j->names, r->reason, sizeof r->reason);
    }
    snprintf(r->basis, sizeof r->basis, "one interleaving, %u steps",
             shm->result.nevents);
    if (story && bag_first(j->bag) && !shorten(j, bag_first(j->bag)))
        return false;
    return !story || story_tell(j, story);
}

int replay_gdb(const struct plan *p, const char *token, const char *sources,
               struct judge *j)
{
    const struct finding *f;
    struct report r;

    if (!follow(p, token, j, &r))
        return 3;
    if (r.unanswered) {
        fprintf(stderr, "rl-explore: %s\n", r.reason);
        return 4;
    }
    f = bag_first(j->bag);
    if (f && !shorten(j, f))
        return 3;
    return gdb_run(j, f, sources);
}

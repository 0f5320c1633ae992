/*
 * See shorten.h. First the shortest beginning after which no preemption at
 * all leads to the finding; then neighbours change places where that saves a
 * switch (Zeller and Hildebrandt's delta debugging, TSE 2002, over switches
 * in place of input).
 */
#include "shorten.h"
#include "bag.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_TRIES = 400 };

struct moves {
    struct rx_pick *pick;
    uint32_t n;
};

struct shortener {
    struct judge *judge;
    const struct finding *finding;
    struct moves best;
    int tries;
    bool died;
};

static struct moves copy_moves(const struct rx_pick *pick, uint32_t n)
{
    struct moves m = {calloc(n + 1, sizeof *m.pick), n};

    if (!m.pick)
        exit(70);
    memcpy(m.pick, pick, n * sizeof *pick);
    return m;
}

static struct moves taken(const struct rx_shm *shm)
{
    struct moves m = {calloc(shm->result.nevents + 1, sizeof *m.pick),
                      shm->result.nevents};

    if (!m.pick)
        exit(70);
    for (uint32_t i = 0; i < m.n; i++)
        m.pick[i] =
            (struct rx_pick){shm->event[i].thread, shm->event[i].choice};
    return m;
}

static uint32_t switches(const struct moves *m)
{
    uint32_t n = 0;

    for (uint32_t i = 1; i < m->n; i++)
        n += m->pick[i].thread != m->pick[i - 1].thread;
    return n;
}

/* Follows `m`, then goes on without preemption. Does it show the finding? */
static bool shows(struct shortener *s, const struct moves *m)
{
    struct rx_shm *shm = server_shm(s->judge->server);
    struct bag *bag = s->judge->bag, *mine = bag_new();
    bool found = false;

    s->tries++;
    memcpy(shm->prefix, m->pick, m->n * sizeof *m->pick);
    shm->job.nprefix = m->n;
    if (!server_run(s->judge->server)) {
        s->died = true;
    } else if (shm->result.end != RX_END_DIVERGED) {
        s->judge->bag = mine;
        judge_run(s->judge);
        found = bag_has(mine, s->finding);
        s->judge->bag = bag;
    }
    bag_free(mine);
    return found;
}

/* Takes what the last run did as the best, if it has fewer switches. */
static bool keep(struct shortener *s, bool same_is_fine)
{
    struct moves now = taken(server_shm(s->judge->server));
    uint32_t a = switches(&now), b = switches(&s->best);

    if (a > b || (a == b && !same_is_fine)) {
        free(now.pick);
        return false;
    }
    free(s->best.pick);
    s->best = now;
    return true;
}

static bool may_try(const struct shortener *s)
{
    return !s->died && s->tries < MOST_TRIES;
}

/* End of the segment of one thread that begins at i. */
static uint32_t segment_end(const struct moves *m, uint32_t i)
{
    uint32_t k = i + 1;

    while (k < m->n && m->pick[k].thread == m->pick[i].thread)
        k++;
    return k;
}

static void cut_beginning(struct shortener *s)
{
    for (uint32_t i = 0; i < s->best.n && may_try(s);
         i = segment_end(&s->best, i)) {
        struct moves part = {s->best.pick, i};

        if (shows(s, &part) && keep(s, true))
            return;
    }
}

/* Swaps the segment at i with the one after it. */
static bool swap_segments(struct shortener *s, uint32_t i)
{
    uint32_t k = segment_end(&s->best, i), end;
    struct moves m;
    bool kept;

    if (k >= s->best.n)
        return false;
    end = segment_end(&s->best, k);
    m = copy_moves(s->best.pick, s->best.n);
    memcpy(m.pick + i, s->best.pick + k, (end - k) * sizeof *m.pick);
    memcpy(m.pick + i + end - k, s->best.pick + i, (k - i) * sizeof *m.pick);
    kept = switches(&m) < switches(&s->best) && shows(s, &m) && keep(s, false);
    free(m.pick);
    return kept;
}

static void merge_neighbours(struct shortener *s)
{
    bool better = true;

    while (better && may_try(s)) {
        better = false;
        for (uint32_t i = 0; i < s->best.n && may_try(s);
             i = segment_end(&s->best, i))
            if (swap_segments(s, i)) {
                better = true;
                break;
            }
    }
}

bool shorten(struct judge *j, const struct finding *f)
{
    struct rx_shm *shm = server_shm(j->server);
    struct shortener s = {.judge = j, .finding = f, .best = taken(shm)};

    cut_beginning(&s);
    merge_neighbours(&s);
    if (!s.died)
        shows(&s, &s.best); /* leaves it as the last run */
    free(s.best.pick);
    return !s.died;
}

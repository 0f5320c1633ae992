/*
 * Reversible races. What decides is the model: after what happened before the
 * earlier event and what happened since without it, can the later step run?
 * So a lock is reversed with the lock before it and not with the unlock
 * between, a wait for a semaphore with a wait and with a post that it did not
 * need, and a blocked thread's step counts like one that ran.
 */
#include "race.h"

#include <stdlib.h>
#include <string.h>

static void make_room(struct rl_racer *r, size_t n)
{
    if (n <= r->room)
        return;
    r->room = 2 * n;
    r->sequence = realloc(r->sequence, r->room * sizeof *r->sequence);
    r->offer = realloc(r->offer, r->room * sizeof *r->offer);
    r->reversed = realloc(r->reversed, r->room * sizeof *r->reversed);
    if (!r->sequence || !r->offer || !r->reversed)
        abort();
}

void rl_racer_free(struct rl_racer *r)
{
    free(r->sequence);
    free(r->offer);
    free(r->reversed);
}

/* Does something asleep at the node lead to what begins with r->offer? */
static enum rl_cover sleeps(const struct rl_racer *r,
                            const struct rl_node *node, size_t n)
{
    uint64_t threads = node->sleep.threads;
    enum rl_cover best = RL_NOT_COVERED;
    size_t at;

    for (; threads; threads &= threads - 1) {
        unsigned t = (unsigned)__builtin_ctzll(threads);

        for (uint64_t c = node->sleep.choices[t]; c; c &= c - 1) {
            struct rl_event e =
                rl_foresee(node->world, t, (unsigned)__builtin_ctzll(c));
            enum rl_cover cover =
                rl_covers(&r->options->rules, &e, r->offer, n, &at);

            if (cover == RL_COVERED)
                return cover;
            if (cover == RL_COVERED_NOW)
                best = cover;
        }
    }
    return best;
}

/* Offers the first n events of r->sequence, then `last`, to the node. */
static enum rl_cover offer(struct rl_racer *r, struct rl_node *node, size_t n,
                           const struct rl_event *last, bool strict)
{
    enum rl_cover cover;

    for (size_t i = 0; i < n; i++)
        r->offer[i] = &r->sequence[i];
    r->offer[n] = last;
    cover = sleeps(r, node, n + 1);
    if (cover == RL_NOT_COVERED)
        cover = rl_tree_insert(r->pool, &r->options->rules, node->branch,
                               r->offer, n + 1, strict);
    if (cover == RL_NOT_COVERED && r->inserted)
        r->inserted(r->self, &node->event, last);
    return cover;
}

/* The thread moves no further: it stands at this step. Whether it could go on
 * counts where the clock waits for all to be blocked. */
static void stand(struct rl_world *w, unsigned t, const struct rl_step *s)
{
    if ((w->live & RL_BIT(t)) && w->threads[t].pending.op == RL_NONE)
        rl_resume(w, t, s);
}

/* An event that a reversal leaves out: it happened because of the one that
 * gives way, or of another that `alone` says is in the way as well; or it is
 * the end of the process, which would cut off the very step. */
static bool left_out(const struct rl_racer *r, size_t k, size_t i,
                     const struct rl_event *alone)
{
    const struct rl_path *p = r->path;
    const struct rl_node *node = &p->nodes[i];

    if (rl_before(&p->nodes[k], node) || node->event.step.op == RL_EXIT)
        return true;
    for (size_t j = k + 1; alone && j <= i; j++)
        if (p->nodes[j].event.thread != alone->thread &&
            rl_before(&p->nodes[j], node) &&
            rl_dependent(&r->options->rules, &p->nodes[j].event, alone))
            return true;
    return false;
}

/* Can all that the step depends on, from node k on, give way to it? Only read
 * locks bar a step without depending on each other. And not if its own thread
 * came there because of some of that. */
static bool may_be_alone(const struct rl_racer *r, size_t k, size_t end,
                         const struct rl_event *later)
{
    size_t i = end;

    if (k == end || later->step.refs[0].class != RL_RWLOCK)
        return false;
    while (i-- > k + 1)
        if (r->path->nodes[i].event.thread == later->thread)
            return !left_out(r, k, i, later);
    return true;
}

/* Carries out, in the scratch world, those events from path index i up to
 * `end` that are not left out. They go to r->sequence; false if one cannot
 * run. */
static bool without(struct rl_racer *r, size_t k, size_t i, size_t end,
                    const struct rl_event *alone, size_t *n)
{
    const struct rl_path *p = r->path;
    struct rl_world *w = p->scratch;
    struct rl_effect effect;

    for (; i < end; i++) {
        const struct rl_node *node = &p->nodes[i];
        unsigned t = node->event.thread;

        if (left_out(r, k, i, alone)) {
            stand(w, t, &node->event.step);
            continue;
        }
        rl_resume(w, t, &node->event.step);
        w->threads[t].pending.flags = node->event.step.flags;
        if (!(rl_choices(w, t) & RL_BIT(node->event.choice)))
            return false;
        r->sequence[(*n)++] = rl_foresee(w, t, node->event.choice);
        rl_apply(w, t, node->event.choice, &effect);
    }
    for (i = end; i < p->size; i++)
        stand(w, p->nodes[i].event.thread, &p->nodes[i].event.step);
    for (unsigned t = 0; t < w->nthreads; t++)
        stand(w, t, &r->trace->last[t]);
    return true;
}

/* Does the step depend on the same whether it is the one or the other? What a
 * step would leave unchanged is not foreseen. */
static bool same_reach(const struct rl_event *a, const struct rl_event *b)
{
    const unsigned looks = RL_FAILS | RL_NO_CHANGE;

    return a->choice == b->choice && a->woke == b->woke &&
           a->round == b->round && a->time_moved == b->time_moved &&
           (a->step.flags & looks) == (b->step.flags & looks);
}

/* Offers these choices of the step in the scratch world. Returns those that
 * may lead elsewhere after more than these n events: they are covered only
 * for now, or could depend on more than the step did where it ran. */
static uint64_t offer_choices(struct rl_racer *r, struct rl_node *node,
                              size_t n, const struct rl_event *later,
                              uint64_t choices, bool strict)
{
    uint64_t more = 0;

    for (; choices; choices &= choices - 1) {
        unsigned choice = (unsigned)__builtin_ctzll(choices);
        struct rl_event e = rl_foresee(r->path->scratch, later->thread, choice);

        if (offer(r, node, n, &e, strict) == RL_COVERED_NOW ||
            !same_reach(&e, later))
            more |= RL_BIT(choice);
    }
    return more;
}

struct reversal {
    bool possible; /* in the way in which the step did run */
    bool again;    /* to be tried again after other runs */
};

/* Offers every way in which the later step, of path index `end` or of none,
 * could run before node k's event; or, if k is `end`, its other choices. Where
 * the one event is not all that is in the way (two readers and a writer), all
 * since then that the step depends on gives way.
 *
 * First after what was between the two and not because of the earlier. Where
 * that is covered for now, also after what came since and is independent of
 * both: that may lead where what covers it does not. And what the step would
 * do there may depend on what came since, though what it did does not: the
 * clock may have moved. The next run has another since, so the pair is tried
 * again. */
static struct reversal reverse(struct rl_racer *r, size_t k, size_t end,
                               const struct rl_event *later)
{
    struct rl_node *node = &r->path->nodes[k];
    struct rl_world *w = r->path->scratch;
    struct reversal result = {false, false};
    const struct rl_event *alone = NULL;
    uint64_t choices, before, more;
    size_t n;

    r->stats->races++;
    for (;;) {
        n = 0;
        rl_world_copy(w, node->world);
        if (!without(r, k, k + 1, end, alone, &n)) {
            r->stats->impossible++;
            return result;
        }
        rl_resume(w, later->thread, &later->step);
        choices = rl_choices(w, later->thread);
        if (choices || alone || !may_be_alone(r, k, end, later))
            break;
        alone = later;
    }
    if (k == end)
        choices &= ~RL_BIT(later->choice);
    result.possible = later->choice == RL_ANY_CHOICE
                          ? choices != 0
                          : (choices & RL_BIT(later->choice)) != 0;
    before = choices;
    more = offer_choices(r, node, n, later, choices, end < r->path->size);
    if (end == r->path->size || (!more && !(later->step.flags & RL_TIMED)))
        return result;
    result.again = true;
    if (!without(r, k, end, r->path->size, alone, &n)) {
        r->stats->impossible++;
        return result;
    }
    rl_resume(w, later->thread, &later->step);
    choices = rl_choices(w, later->thread) & (more | ~before);
    offer_choices(r, node, n, later, choices, false);
    return result;
}

static void remember(struct rl_node *node, uint32_t k)
{
    if (node->nagain == node->room) {
        node->room = node->room ? 2 * node->room : 8;
        node->again = realloc(node->again, node->room * sizeof *node->again);
        if (!node->again)
            abort();
    }
    node->again[node->nagain++] = k;
}

/* `program` is the thread's event before this step, or NULL; `self` the node
 * of the event, or NULL for a step that did not run. */
static void reverse_all(struct rl_racer *r, size_t end,
                        const struct rl_event *later,
                        const struct rl_node *program, struct rl_node *self)
{
    struct rl_path *p = r->path;
    size_t nreversed = 0;

    make_room(r, p->size + 2);
    for (size_t k = end; k-- > 0;) {
        const struct rl_node *node = &p->nodes[k];
        struct reversal result;
        bool between = false;

        if (node->event.thread == later->thread)
            continue;
        if (program && rl_before(node, program))
            continue;
        if (!rl_dependent(&r->options->rules, &node->event, later))
            continue;
        if (!r->options->eager)
            for (size_t i = 0; i < nreversed && !between; i++)
                between = rl_before(node, &p->nodes[r->reversed[i]]);
        if (between)
            continue;
        result = reverse(r, k, end, later);
        if (result.possible)
            r->reversed[nreversed++] = (uint32_t)k;
        if (result.again && self)
            remember(self, (uint32_t)k);
    }
}

void rl_reverse_again(struct rl_racer *r, size_t index)
{
    struct rl_node *node = &r->path->nodes[index];
    uint32_t left = 0;

    make_room(r, r->path->size + 2);
    for (uint32_t i = 0; i < node->nagain; i++)
        if (reverse(r, node->again[i], index, &node->event).again)
            node->again[left++] = node->again[i];
    node->nagain = left;
}

static const struct rl_node *last_of(const struct rl_path *p, unsigned thread,
                                     size_t end)
{
    while (end-- > 0)
        if (p->nodes[end].event.thread == thread)
            return &p->nodes[end];
    return NULL;
}

void rl_reverse_event(struct rl_racer *r, size_t index)
{
    const struct rl_event *e = &r->path->nodes[index].event;

    reverse_all(r, index, e, last_of(r->path, e->thread, index),
                &r->path->nodes[index]);
}

void rl_reverse_pending(struct rl_racer *r, unsigned thread,
                        const struct rl_step *step)
{
    struct rl_path *p = r->path;
    struct rl_event e;

    memset(&e, 0, sizeof e);
    e.step = *step;
    e.thread = thread;
    e.choice = RL_ANY_CHOICE;
    reverse_all(r, p->size, &e, last_of(p, thread, p->size), NULL);
}

void rl_other_choices(struct rl_racer *r, size_t index)
{
    struct rl_node *node = &r->path->nodes[index];

    node->nagain = 0;
    if (!(rl_choices(node->world, node->event.thread) &
          ~RL_BIT(node->event.choice)))
        return;
    make_room(r, r->path->size + 2);
    if (reverse(r, index, index, &node->event).again)
        remember(node, (uint32_t)index);
}

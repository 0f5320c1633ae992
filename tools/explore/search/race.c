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
    r->reversed = realloc(r->reversed, r->room * sizeof *r->reversed);
    if (!r->sequence || !r->reversed)
        abort();
}

/* Something asleep at the node leads there already. */
static bool sleeps(const struct rl_racer *r, const struct rl_node *node,
                   const struct rl_event *v, size_t n)
{
    uint64_t threads = node->sleep.threads;
    size_t at;

    for (; threads; threads &= threads - 1) {
        unsigned t = (unsigned)__builtin_ctzll(threads);

        for (uint64_t c = node->sleep.choices[t]; c; c &= c - 1) {
            struct rl_event e =
                rl_foresee(node->world, t, (unsigned)__builtin_ctzll(c));

            if (rl_compatible(&r->options->rules, &e, v, n, &at))
                return true;
        }
    }
    return false;
}

/* `v` is r->sequence; insertion eats it, so a copy is made on need. */
static bool offer(struct rl_racer *r, struct rl_node *node, size_t n)
{
    if (sleeps(r, node, r->sequence, n))
        return false;
    return rl_tree_insert(r->pool, &r->options->rules, node->branch,
                          r->sequence, n);
}

/* Carries out, from the node `from` on, what happened up to `end` and not
 * because of it. The events go to r->sequence; false if one cannot run. */
static bool without(struct rl_racer *r, size_t from, size_t end, size_t *n)
{
    const struct rl_path *p = r->path;
    const struct rl_node *gone = &p->nodes[from];
    struct rl_world *w = p->scratch;
    struct rl_effect effect;

    rl_world_copy(w, gone->world);
    *n = 0;
    for (size_t i = from + 1; i < end; i++) {
        const struct rl_node *node = &p->nodes[i];
        unsigned t = node->event.thread;

        if (rl_before(gone, node))
            continue;
        rl_resume(w, t, &node->event.step);
        if (!(rl_choices(w, t) & RL_BIT(node->event.choice)))
            return false;
        rl_apply(w, t, node->event.choice, &effect);
        r->sequence[(*n)++] =
            rl_event(&node->event.step, t, node->event.choice, &effect);
    }
    return true;
}

/* Offers every way in which the step could run before node k's event. Returns
 * whether the way it did run is one of them. */
static bool reverse(struct rl_racer *r, size_t k, size_t end, unsigned thread,
                    const struct rl_step *step, unsigned choice)
{
    struct rl_node *node = &r->path->nodes[k];
    struct rl_world *w = r->path->scratch;
    uint64_t choices;
    size_t n;

    r->stats->races++;
    if (!without(r, k, end, &n)) {
        r->stats->impossible++;
        return false;
    }
    rl_resume(w, thread, step);
    choices = rl_choices(w, thread);
    for (uint64_t c = choices; c; c &= c - 1) {
        size_t again;

        r->sequence[n] = rl_foresee(w, thread, (unsigned)__builtin_ctzll(c));
        if (offer(r, node, n + 1) && r->inserted)
            r->inserted(r->self, &node->event, &r->sequence[n]);
        if (!(c & (c - 1)))
            break;
        without(r, k, end, &again);
        rl_resume(w, thread, step);
    }
    return choice == RL_ANY_CHOICE ? choices != 0
                                   : (choices & RL_BIT(choice)) != 0;
}

/* `program` is the thread's event before this step, or NULL. */
static void reverse_all(struct rl_racer *r, size_t end,
                        const struct rl_event *later,
                        const struct rl_node *program)
{
    struct rl_path *p = r->path;
    size_t nreversed = 0;

    make_room(r, end + 2);
    for (size_t k = end; k-- > 0;) {
        const struct rl_node *node = &p->nodes[k];
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
        if (reverse(r, k, end, later->thread, &later->step, later->choice))
            r->reversed[nreversed++] = (uint32_t)k;
    }
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

    reverse_all(r, index, e, last_of(r->path, e->thread, index));
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
    reverse_all(r, p->size, &e, last_of(p, thread, p->size));
}

void rl_other_choices(struct rl_racer *r, size_t index)
{
    struct rl_node *node = &r->path->nodes[index];
    unsigned t = node->event.thread;
    uint64_t others = rl_choices(node->world, t) & ~RL_BIT(node->event.choice);

    make_room(r, 1);
    for (; others; others &= others - 1) {
        r->sequence[0] =
            rl_foresee(node->world, t, (unsigned)__builtin_ctzll(others));
        offer(r, node, 1);
    }
}

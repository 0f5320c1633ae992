/*
 * Atomics, fences, plain accesses and hidden state: the values are in the
 * program. The model knows who touches what, whether a weak exchange fails,
 * and when a loop that waits has something new to see.
 */
#include "inside.h"

uint64_t rl_atomic_choices(const struct rl_world *w, unsigned t)
{
    const struct rl_step *s = rl_peek(w, t);

    if (s->op == RL_ATOMIC_CAS_WEAK && w->threads[t].weak)
        return RL_BIT(RL_GO) | RL_BIT(RL_WEAK_FAIL);
    if (s->op == RL_PARK && rl_versions(w, s) == s->arg)
        return 0;
    return RL_BIT(RL_GO);
}

void rl_atomic_apply(struct rl_world *w, unsigned t, unsigned choice,
                     struct rl_effect *e)
{
    (void)e;
    if (choice != RL_WEAK_FAIL)
        return;
    w->threads[t].weak--;
}

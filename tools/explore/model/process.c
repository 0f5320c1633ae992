/*
 * Output, input and the end of the process, which cuts off every thread that
 * still has something to do.
 */
#include "inside.h"

uint64_t rl_process_choices(const struct rl_world *w, unsigned t)
{
    (void)w;
    (void)t;
    return RL_BIT(RL_GO);
}

void rl_process_apply(struct rl_world *w, unsigned t, unsigned choice,
                      struct rl_effect *e)
{
    (void)choice;
    (void)e;
    if (rl_peek(w, t)->op != RL_EXIT)
        return;
    w->over = 1;
    w->exit_code = (int32_t)rl_peek(w, t)->arg;
}

// The search decides (../search): it gives a prefix of moves and what sleeps
// after it; from there on its own rule says who goes on, the same as in every
// other executor.
#include "strategy.h"

static struct rl_sleep sleep;
static uint32_t moves;

static void begin(const struct rx_job *job)
{
    sleep = job->sleep;
    moves = 0;
}

static struct rx_pick pick(const struct rx_view *v)
{
    struct rl_move m;
    bool asleep = false;

    if (!rl_continue(v->world, &sleep, v->last, &m, &asleep))
        return (struct rx_pick){RX_STOP, 0};
    return (struct rx_pick){m.thread, m.choice};
}

static void takes(const struct rx_job *job, const struct rl_world *w,
                  const struct rl_event *event)
{
    if (moves++ >= job->sleep_from)
        rl_sleep_step(w, &job->rules, event, &sleep);
}

const struct rx_strategy rx_search = {
    .name = "search", .begin = begin, .pick = pick, .takes = takes};

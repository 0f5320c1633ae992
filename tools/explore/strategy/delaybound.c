// Delay bounding (Emmi, Qadeer and Rakamaric, POPL 2011, section 3): threads
// take turns in the order of their creation, each until it blocks or ends;
// at param[0] random steps of the first param[1] the thread whose turn it is
// is skipped, and comes again when the turn has gone round. Few delays reach
// most bugs, and how many schedules there are does not grow with the threads.
//
// Not to be confused with delay.c, whose delays are spans of virtual time.
#include "strategy.h"

enum { MAX_DELAYS = 16, USUAL_DELAYS = 2, USUAL_STEPS = 100 };

static uint64_t state;
static int64_t at[MAX_DELAYS];
static int delays;
static int64_t steps;
static unsigned turn;

static void begin(const struct rx_job *job)
{
    int64_t k = job->param[1] > 0 ? job->param[1] : USUAL_STEPS;

    state = job->seed * 0x9e3779b97f4a7c15u + 5;
    delays = job->param[0] > 0 ? (int)job->param[0] : USUAL_DELAYS;
    if (delays > MAX_DELAYS)
        delays = MAX_DELAYS;
    for (int i = 0; i < delays; i++)
        at[i] = 1 + (int64_t)(rx_random(&state) % (uint64_t)k);
    steps = 0;
    turn = 0;
}

// The first of the set from `from` on, round the end.
static unsigned next(uint64_t among, unsigned from)
{
    uint64_t after = among & ~(RL_BIT(from) - 1);

    return (unsigned)__builtin_ctzll(after ? after : among);
}

static struct rx_pick pick(const struct rx_view *v)
{
    uint64_t among = rx_ready(v);

    if (among & v->lazy)
        return rx_stay(v, among);
    turn = next(among, turn);
    if (among & (among - 1)) { // only where there is another to go on
        steps++;
        for (int i = 0; i < delays; i++)
            if (at[i] == steps)
                turn = next(among, turn + 1);
    }
    return (struct rx_pick){(uint8_t)turn, (uint8_t)rx_usual(v, turn)};
}

const struct rx_strategy rx_delaybound = {
    .name = "delaybound", .begin = begin, .pick = pick};

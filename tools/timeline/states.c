/* states.c - the states and what is counted from them: pieces, units, steps.
 */
#include "timeline.h"

#include <math.h>

static const char *const state_names[TL_STATES] = {
    [TL_NONE] = "none", [TL_RUNNING] = "running", [TL_READY] = "ready",
    [TL_LOCK] = "lock", [TL_IO] = "io",           [TL_CONDITION] = "condition",
    [TL_JOIN] = "join", [TL_SLEEP] = "sleep",
};

static const char *const state_words[TL_STATES] = {
    [TL_NONE] = "not there",
    [TL_RUNNING] = "runs, or could run",
    [TL_READY] = "could run, but something else does",
    [TL_LOCK] = "waits for a lock",
    [TL_CONDITION] = "waits for a condition",
    [TL_IO] = "blocked in input or output",
    [TL_SLEEP] = "sleeps",
    [TL_JOIN] = "waits for another to end",
};

const char *tl_state_name(enum tl_state state)
{
    return state_names[state];
}

const char *tl_state_words(enum tl_state state)
{
    return state_words[state];
}

static double overlap(double a, double b, double c, double d)
{
    const double begin = a > c ? a : c, end = b < d ? b : d;

    return end > begin ? end - begin : 0;
}

static enum tl_state most(const double spent[TL_STATES])
{
    enum tl_state best = TL_NONE;

    for (int s = TL_RUNNING; s < TL_STATES; s++)
        if (spent[s] > spent[best])
            best = (enum tl_state)s;
    return best;
}

/* Adds the event's part in each piece that it touches. */
static void spread(const struct tl_event *e, double piece, size_t n,
                   double (*spent)[TL_STATES])
{
    size_t i = (size_t)(e->begin / piece);

    for (; i < n && (double)i * piece < e->end; i++)
        spent[i][e->state] += overlap(e->begin, e->end, (double)i * piece,
                                      (double)(i + 1) * piece);
}

void tl_cells(const struct timeline *t, size_t lane, enum tl_state *cells,
              size_t n)
{
    double spent[n][TL_STATES];

    for (size_t i = 0; i < n; i++)
        for (int s = 0; s < TL_STATES; s++)
            spent[i][s] = 0;
    for (size_t i = 0; i < t->nevents; i++)
        if (t->events[i].lane == lane)
            spread(&t->events[i], t->end / (double)n, n, spent);
    for (size_t i = 0; i < n; i++)
        cells[i] = most(spent[i]);
}

struct tl_unit tl_unit(const struct timeline *t)
{
    if (t->end < 10)
        return (struct tl_unit){"us", 1000};
    if (t->end < 10000)
        return (struct tl_unit){"ms", 1};
    return (struct tl_unit){"s", 0.001};
}

double tl_tick(double length, int n)
{
    static const double rounds[] = {1, 2, 5, 10};
    const double least = length / n;
    const double power = pow(10, floor(log10(least)));

    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++)
        if (rounds[i] * power >= least)
            return rounds[i] * power;
    return 10 * power;
}

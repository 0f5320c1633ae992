// The strategies by name.
#include "strategy.h"

#include <string.h>

extern const struct rx_strategy rx_nopreempt, rx_lastfirst, rx_holdone,
    rx_delay, rx_random_walk, rx_pct, rx_search, rx_gather, rx_pos,
    rx_delaybound;

static const struct rx_strategy *const table[] = {
    &rx_nopreempt, &rx_lastfirst, &rx_holdone, &rx_delay, &rx_random_walk,
    &rx_pct,       &rx_search,    &rx_gather,  &rx_pos,   &rx_delaybound,
};

const struct rx_strategy *rx_strategy_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (!strcmp(table[i]->name, name))
            return table[i];
    return NULL;
}

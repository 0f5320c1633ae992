/*
 * Choices: which of the events that are ready comes first.
 */
#include "loop.h"

#include <stdlib.h>

static int given[LOOP_CHOICES];
static int count, made;
static bool together, drawn;
static uint64_t state;

/* "s 0,2,1" or "t ~7": see log.h. */
void loop_choices(const char *text)
{
    char *end;

    together = *text++ == 't';
    while (*text == ' ')
        text++;
    if (*text == '~') {
        drawn = true;
        state = strtoull(text + 1, NULL, 10) * 2 + 1;
        return;
    }
    while (*text && count < LOOP_CHOICES) {
        given[count++] = (int)strtol(text, &end, 10);
        text = *end == ',' ? end + 1 : end;
        if (end == text && *end)
            return;
    }
}

/* splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
 * Generators, figure 15). */
static uint64_t draw(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15ULL);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

bool loop_together(void)
{
    return together;
}

int loop_choose(int places)
{
    int taken = 0;

    if (places < 2 || made == LOOP_CHOICES)
        return 0;
    if (drawn)
        taken = (int)(draw() % (uint64_t)places);
    else if (made < count && given[made] < places)
        taken = given[made];
    made++;
    loop_say("C %d %d", places, taken);
    return taken;
}

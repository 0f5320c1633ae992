// What decides: a strategy looks at the threads that can go on and says
// which does. It changes nothing; the runtime carries the decision out.
// A strategy is one file that defines one struct rx_strategy and one line
// in table.c.
#ifndef RX_STRATEGY_H
#define RX_STRATEGY_H

#include "../rt/proto.h"

#include <stdbool.h>

// As a pick's thread: end this run, nothing new lies that way.
#define RX_STOP 255

struct rx_view {
    const struct rl_world *world;
    const struct rx_job *job;
    unsigned current; // who asks: it stands at a point or has just ended
    unsigned last;    // who took the last step
    uint64_t enabled; // threads that have a choice, never empty
    uint64_t lazy;    // of these or others: it yields, let others go first
    uint64_t loops;   // of the lazy: for some time, without any effect
    uint32_t step;    // steps taken so far
    const struct rx_thread *thread; // e.g. how many points each reached
};

struct rx_strategy {
    const char *name;
    void (*begin)(const struct rx_job *job); // or NULL
    // A thread of `enabled` and one of its choices, or RX_STOP.
    struct rx_pick (*pick)(const struct rx_view *v);
    // Or NULL: told of each step that is about to be carried out.
    void (*takes)(const struct rx_job *job, const struct rl_world *w,
                  const struct rl_event *event);
};

const struct rx_strategy *rx_strategy_find(const char *name);

// What strategies share (usual.c).

// Threads that go on without anything unusual: no early timer, no spurious
// wakeup, not the end of the process while another can move, and those
// that wait in a loop only when nobody else can move.
uint64_t rx_ready(const struct rx_view *v);

// Whether the choices of this step are threads: whom to wake, who is told.
bool rx_picks_thread(const struct rl_step *s);

// The thread's choice when nothing unusual happens.
unsigned rx_usual(const struct rx_view *v, unsigned thread);

// Stays with `current` while it can go on, else the lowest thread of the
// set, or, when all wait in loops, the next in turn.
struct rx_pick rx_stay(const struct rx_view *v, uint64_t among);

// The highest thread of the set: a new thread runs before its creator.
struct rx_pick rx_climb(const struct rx_view *v, uint64_t among);

// Threads that could go on only if their time came early, and the one of them
// whose time is next (RX_STOP: none): the others are that slow.
uint64_t rx_waits_for_time(const struct rx_view *v);
struct rx_pick rx_early(const struct rx_view *v);

// A small generator, the same on every machine.
uint64_t rx_random(uint64_t *state);

#endif

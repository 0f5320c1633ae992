/*
 * Which events depend on each other: the one table that the reduction rests
 * on. Two events of different threads that no row joins may swap places where
 * they are neighbours, and nobody can tell.
 */
#ifndef RL_EXPLORE_MODEL_DEPEND_H
#define RL_EXPLORE_MODEL_DEPEND_H

#include "model.h"

/* As a choice: not known, any. */
#define RL_ANY_CHOICE 255

/* A step that was carried out, or what it would be (rl_foresee). */
struct rl_event {
    struct rl_step step;
    uint8_t thread;
    uint8_t choice;
    uint8_t time_moved;
    uint8_t spare;
    uint32_t round;
    uint64_t woke;
};

/* How strict the table is. Zero: the whole table. */
struct rl_rules {
    uint64_t removed;         /* rows left out, for tests of the tests */
    uint8_t unordered_output; /* lines of different threads commute */
};

/* Does `later` depend on `earlier`, in an execution in which they stand in
 * this order? Events of one thread do. */
bool rl_dependent(const struct rl_rules *rules, const struct rl_event *earlier,
                  const struct rl_event *later);

/* The same of two events that are both possible in one state. */
bool rl_conflict(const struct rl_rules *rules, const struct rl_event *a,
                 const struct rl_event *b);

/* The event that this choice of the thread's pending step would be now. */
struct rl_event rl_foresee(const struct rl_world *w, unsigned thread,
                           unsigned choice);

/* The event of a step just carried out, as far as its effect tells; where the
 * world before it is at hand, rl_foresee tells all. */
struct rl_event rl_event(const struct rl_step *step, unsigned thread,
                         unsigned choice, const struct rl_effect *effect);

/* The rows: how many, and why each is there. */
unsigned rl_depend_rows(void);
const char *rl_depend_reason(unsigned row);

#endif

/*
 * What the models of the primitives share: the row of an operation, findings,
 * ownership of locks, the next step of a call. Not for users of the model.
 */
#ifndef RL_EXPLORE_MODEL_INSIDE_H
#define RL_EXPLORE_MODEL_INSIDE_H

#include "model.h"

/* rl_object.state, all classes */
enum rl_state {
    RL_USABLE,
    RL_DESTROYED,
    RL_OWNER_DEAD,      /* robust mutex */
    RL_NOT_RECOVERABLE, /* robust mutex; once: RL_RUNNING, RL_RAN */
    RL_RUNNING,
    RL_RAN,
};

/* One row of the table of operations in ops.c. */
struct rl_row {
    const char *name;
    uint8_t modes[2]; /* of the refs that the executor gives */
    uint64_t (*choices)(const struct rl_world *w, unsigned t);
    void (*apply)(struct rl_world *w, unsigned t, unsigned choice,
                  struct rl_effect *e);
};
extern const struct rl_row rl_rows[RL_OPS];

static inline struct rl_step *rl_pending(struct rl_world *w, unsigned t)
{
    return &w->threads[t].pending;
}

static inline const struct rl_step *rl_peek(const struct rl_world *w,
                                            unsigned t)
{
    return &w->threads[t].pending;
}

static inline struct rl_object *rl_obj(struct rl_world *w, unsigned t, int i)
{
    return &w->objects[w->threads[t].pending.refs[i].id];
}

static inline const struct rl_object *rl_see(const struct rl_world *w,
                                             unsigned t, int i)
{
    return &w->objects[w->threads[t].pending.refs[i].id];
}

void rl_find(struct rl_effect *e, enum rl_finding_kind kind, unsigned thread,
             unsigned other, uint32_t object);

/* Checks before any use: a destroyed object gives a finding, EINVAL and true:
 * the step is over. */
bool rl_gone(struct rl_world *w, unsigned t, int ref, struct rl_effect *e);

/* INIT of any class: a fresh object under the old name. */
void rl_fresh(struct rl_world *w, unsigned t, struct rl_effect *e);

/* The thread's list of locks held. */
void rl_hold(struct rl_world *w, unsigned t, uint32_t id, bool shared,
             struct rl_effect *e);
/* One level less; the number of levels left. */
unsigned rl_unhold(struct rl_world *w, unsigned t, uint32_t id);
struct rl_hold *rl_held(struct rl_world *w, unsigned t, uint32_t id);

/* The call goes on with this step; refs are the pending step's from `first`
 * on. */
void rl_then(struct rl_world *w, unsigned t, enum rl_op op, int first,
             struct rl_effect *e);

/* RL_TIMEOUT or RL_EARLY or neither, for a timed step that still waits. */
uint64_t rl_timer_choices(const struct rl_world *w, unsigned t);
/* Moves the clock to the deadline of the pending step. */
void rl_timer_fire(struct rl_world *w, unsigned t, unsigned choice,
                   struct rl_effect *e);

/* A cancellation that this step must act upon. */
bool rl_cancel_due(const struct rl_world *w, unsigned t);

/* Can the thread go on by itself, without time and without luck? */
bool rl_ready(const struct rl_world *w, unsigned t);

/* Those that may leave a barrier once t has left. */
uint64_t rl_followers(const struct rl_world *w, unsigned t);

/* Would the pending try find its object taken? */
bool rl_fails(const struct rl_world *w, unsigned t);
bool rl_rwlock_fails(const struct rl_world *w, unsigned t);

/* Mutexes, for condition variables too. */
bool rl_mutex_free(const struct rl_object *m, unsigned t);
int rl_mutex_take(struct rl_world *w, unsigned t, uint32_t id,
                  struct rl_effect *e);
int rl_mutex_drop(struct rl_world *w, unsigned t, uint32_t id,
                  struct rl_effect *e);

#define RL_MODEL(name)                                                         \
    uint64_t rl_##name##_choices(const struct rl_world *w, unsigned t);        \
    void rl_##name##_apply(struct rl_world *w, unsigned t, unsigned choice,    \
                           struct rl_effect *e);
RL_MODEL(thread)
RL_MODEL(mutex)
RL_MODEL(cond)
RL_MODEL(rwlock)
RL_MODEL(spin)
RL_MODEL(barrier)
RL_MODEL(sem)
RL_MODEL(once)
RL_MODEL(atomic)
RL_MODEL(time)
RL_MODEL(process)

#endif

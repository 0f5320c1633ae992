// Threads that get nowhere. One that yields, fails a try or comes back to the
// same step is lazy: others go first. That decides nothing about what the
// loop is; loop.c does.
#include "rt.h"

enum {
    LAZY_AFTER_SAME = 4,
    LAZY_AFTER_IDLE = 24,
    LOOPS_AFTER_IDLE = 4,
    LOOPS_AFTER_FUTILE = 8,
};

// A step that changes nothing that another thread could see.
static bool idle(const struct rx_event *ev, const struct rl_effect *e)
{
    switch (ev->step.op) {
    case RL_ATOMIC_LOAD:
    case RL_PLAIN_READ:
    case RL_CLOCK_READ:
    case RL_PARK:
    case RL_YIELD:
    case RL_SLEEP:
    case RL_SLEEP_WAKE:
    case RL_SEM_GETVALUE:
    case RL_TEST_CANCEL:
        return true;
    case RL_ATOMIC_CAS:
    case RL_ATOMIC_CAS_WEAK:
    case RL_ATOMIC_STORE:
    case RL_ATOMIC_RMW:
        return ev->step.flags & RL_NO_CHANGE;
    case RL_MUTEX_TRYLOCK:
    case RL_MUTEX_TIMEDLOCK:
    case RL_RW_TRYRDLOCK:
    case RL_RW_TRYWRLOCK:
    case RL_RW_TIMEDRDLOCK:
    case RL_RW_TIMEDWRLOCK:
    case RL_SPIN_TRYLOCK:
    case RL_SEM_TRYWAIT:
    case RL_SEM_TIMEDWAIT:
    case RL_TRYJOIN:
        return e->result != 0;
    default:
        return false;
    }
}

static bool gives_up_its_turn(const struct rx_event *ev)
{
    switch (ev->step.op) {
    case RL_ATOMIC_LOAD:
    case RL_PLAIN_READ:
    case RL_CLOCK_READ:
    case RL_SEM_GETVALUE:
    case RL_TEST_CANCEL:
    case RL_ATOMIC_CAS:
    case RL_ATOMIC_CAS_WEAK:
    case RL_ATOMIC_STORE:
    case RL_ATOMIC_RMW:
        return false;
    default:
        return true;
    }
}

// Counts how often a thread failed at the same try; taking and dropping locks
// in between does not count as getting on.
static void count_futile(struct rt_thread *t, const struct rx_event *ev,
                         uint64_t key, bool fails)
{
    switch (ev->step.op) {
    case RL_MUTEX_LOCK:
    case RL_MUTEX_UNLOCK:
    case RL_SPIN_LOCK:
    case RL_SPIN_UNLOCK:
    case RL_RW_RDLOCK:
    case RL_RW_WRLOCK:
    case RL_RW_UNLOCK:
    case RL_YIELD:
    case RL_SLEEP:
    case RL_SLEEP_WAKE:
    case RL_ATOMIC_LOAD:
    case RL_PLAIN_READ:
    case RL_CLOCK_READ:
    case RL_TEST_CANCEL:
        return;
    default:
        break;
    }
    if (!fails)
        t->futile = 0;
    else if (key == t->futile_key)
        t->futile++;
    else
        t->futile = 1;
    t->futile_key = key;
}

static void got_on(struct rt_thread *t)
{
    t->same = t->idle = 0;
    for (unsigned i = 0; i < rt_world->nthreads; i++)
        if (rt_threads[i].id != t->id)
            rt_threads[i].lazy = false;
}

// A lock, or the unlock of a section that changed nothing: a round of a loop
// may have them.
static bool takes_and_gives(struct rt_thread *t, const struct rx_event *ev,
                            const struct rl_effect *e)
{
    if (e->result)
        return false;
    if (rt_takes_lock(ev->step.op))
        rt_loop_locked(t, &ev->step);
    else if (!rt_gives_lock(ev->step.op) || !(ev->step.flags & RL_NO_CHANGE))
        return false;
    got_on(t);
    return true;
}

// Notices a thread that waits in a loop: it comes back to the same step and
// changes nothing. It is put last until somebody else has moved.
void rt_lazy_watch(struct rt_thread *t, const struct rx_event *ev,
                   const struct rl_effect *e)
{
    uint64_t key = ev->pc ^ ev->step.op ^ (ev->step.refs[0].key << 8);

    t->lazy = false;
    count_futile(t, ev, key, idle(ev, e));
    if (takes_and_gives(t, ev, e))
        return;
    if (!idle(ev, e))
        t->effects++;
    if (ev->step.op == RL_CLOCK_READ || !idle(ev, e) ||
        (ev->step.op == RL_ATOMIC_CAS_WEAK && ev->choice == RL_WEAK_FAIL))
        rt_loop_broken(t);
    else if (ev->step.op != RL_PARK)
        rt_loop_read(t, &ev->step);
    if (!idle(ev, e)) {
        got_on(t);
        return;
    }
    t->same = key == t->same_key ? t->same + 1 : 0;
    t->same_key = key;
    t->idle++;
    t->lazy = gives_up_its_turn(ev) || t->same >= LAZY_AFTER_SAME ||
              t->idle >= LAZY_AFTER_IDLE;
}

bool rt_loops(const struct rt_thread *t)
{
    return (t->lazy && t->idle >= LOOPS_AFTER_IDLE) ||
           t->futile >= LOOPS_AFTER_FUTILE;
}

/*
 * Why a run stands still. A ring of locks and joins is a deadlock; else main
 * waits, directly or through the threads it joins, for something that nobody
 * will do any more.
 */
#include "judge.h"

#include <string.h>

static const struct rl_step *pending(const struct judge *j, unsigned t)
{
    return &server_world(j->server)->threads[t].pending;
}

static uint64_t where(const struct judge *j, unsigned t)
{
    return server_shm(j->server)->result.thread[t].pc;
}

static uint32_t object_of(const struct judge *j, unsigned t)
{
    const struct rl_step *s = pending(j, t);

    if (!s->nrefs || s->op == RL_JOIN || s->refs[0].id >= RX_MAX_OBJECTS)
        return RX_NO_OBJECT;
    return s->refs[0].id;
}

static const char *op_of(const struct judge *j, unsigned t)
{
    switch (pending(j, t)->op) {
    case RL_JOIN:
        return "join";
    case RL_COND_WAKE:
    case RL_BARRIER_LEAVE:
    case RL_SEM_WAIT:
    case RL_SEM_TIMEDWAIT:
    case RL_ONCE_ENTER:
        return "wait";
    case RL_PARK:
        return "spin";
    default:
        return "lock";
    }
}

static uint64_t held_at(struct judge *j, unsigned t, uint32_t object)
{
    const struct rx_thread *info = &server_shm(j->server)->result.thread[t];

    for (uint32_t i = 0; i < info->nholds; i++)
        if (info->hold[i].object == object)
            return info->hold[i].pc;
    return 0;
}

static void add_waiter(struct judge *j, struct finding *f, unsigned t)
{
    judge_add_locks(
        j, judge_party(j, f, t, op_of(j, t), where(j, t), object_of(j, t)), t);
}

/* "thread 1 (a) holds x (bank.c:20) and waits for y at bank.c:21" */
static void say_waits(struct judge *j, struct finding *f, unsigned t,
                      unsigned next, uint32_t wanted)
{
    const struct rl_step *s = pending(j, t);

    finding_message_add(f, "%s", names_thread(j->names, t));
    (void)next;
    if (wanted != RX_NO_OBJECT)
        finding_message_add(f, " holds %s (%s) and",
                            names_object(j->names, wanted),
                            names_where(j->names, held_at(j, t, wanted)));
    if (s->op == RL_JOIN)
        finding_message_add(f, " waits at %s for the end of %s",
                            names_where(j->names, where(j, t)),
                            names_thread(j->names, (unsigned)s->arg));
    else
        finding_message_add(f, " waits for %s at %s",
                            names_object(j->names, object_of(j, t)),
                            names_where(j->names, where(j, t)));
}

static void deadlock(struct judge *j, const uint8_t *ring, unsigned n)
{
    struct finding *f = judge_new(j, RX_DEADLOCK, false);

    finding_message(f, "%u threads wait for each other: ", n);
    for (unsigned i = 0; i < n; i++) {
        unsigned before = ring[(i + n - 1) % n];
        uint32_t wanted = object_of(j, before);

        if (i)
            finding_message_add(f, "; ");
        say_waits(j, f, ring[i], ring[(i + 1) % n], wanted);
        add_waiter(j, f, ring[i]);
        finding_add_cycle(f, ring[i]);
        if (!f->variable && object_of(j, ring[i]) != RX_NO_OBJECT)
            finding_set(&f->variable,
                        names_object(j->names, object_of(j, ring[i])));
    }
    judge_put(j, f);
}

static void self_deadlock(struct judge *j, unsigned t)
{
    struct finding *f = judge_new(j, RX_SELF_DEADLOCK, false);
    uint32_t object = object_of(j, t);

    if (object == RX_NO_OBJECT) {
        finding_message(f, "%s waits at %s for its own end",
                        names_thread(j->names, t),
                        names_where(j->names, where(j, t)));
    } else {
        finding_set(&f->variable, names_object(j->names, object));
        finding_message(f,
                        "%s waits at %s for %s, which it locked itself at "
                        "%s and still holds",
                        names_thread(j->names, t),
                        names_where(j->names, where(j, t)), f->variable,
                        names_where(j->names, held_at(j, t, object)));
    }
    add_waiter(j, f, t);
    if (object != RX_NO_OBJECT)
        judge_party(j, f, t, "hold", held_at(j, t, object), object);
    judge_put(j, f);
}

/* The thread whose wait nobody can end: main, or whom main waits for. */
static unsigned root(const struct judge *j)
{
    const struct rl_world *w = server_world(j->server);
    uint64_t seen = 0;
    unsigned t = 0, next;

    while (t < w->nthreads && !(w->live & RL_BIT(t)))
        t++;
    while (!(seen & RL_BIT(t))) {
        uint64_t who = rl_waits_for(w, t) & w->live;

        seen |= RL_BIT(t);
        if (!who)
            break;
        next = (unsigned)__builtin_ctzll(who);
        t = next;
    }
    return t;
}

/* The last step before `from` in which t did one of two things. */
static int32_t last_of(const struct judge *j, unsigned t, int32_t from,
                       enum rl_op one, enum rl_op other, uint32_t object)
{
    const struct rx_shm *shm = server_shm(j->server);

    while (--from >= 0) {
        const struct rx_event *e = &shm->event[from];

        if (e->thread == t && (e->step.op == one || e->step.op == other) &&
            (object == RX_NO_OBJECT || e->step.refs[0].id == object))
            break;
    }
    return from;
}

static bool signals(const struct rx_event *e, uint32_t cond)
{
    return (e->step.op == RL_COND_SIGNAL || e->step.op == RL_COND_BROADCAST) &&
           e->step.refs[0].id == cond;
}

/* Did a signal, sent while t waited, wake somebody who went back to wait? */
static bool wasted(const struct judge *j, const struct rx_event *e, unsigned t,
                   uint32_t cond)
{
    const struct rl_world *w = server_world(j->server);
    uint64_t woke = e->woke & ~RL_BIT(t);

    for (unsigned u = 0; u < w->nthreads; u++)
        if ((woke & RL_BIT(u)) && pending(j, u)->op == RL_COND_WAKE &&
            object_of(j, u) == cond)
            return true;
    return false;
}

/*
 * The signal that t should have got, if there was one. A thread that looked
 * at the state under the mutex, after the signal and before it waited, saw
 * what the signal was about: it missed nothing. One that did not look, or
 * whose look came before the signal, did. *woken: the signal came while it
 * waited, but woke another that went back to wait.
 */
static const struct rx_event *lost_signal(const struct judge *j, unsigned t,
                                          uint32_t cond, bool *woken)
{
    const struct rx_shm *shm = server_shm(j->server);
    int32_t end = (int32_t)shm->result.nevents, wait, lock, i;
    uint32_t mutex;

    wait = last_of(j, t, end, RL_COND_WAIT, RL_COND_TIMEDWAIT, cond);
    if (wait < 0)
        return NULL;
    mutex = shm->event[wait].step.refs[1].id;
    lock = last_of(j, t, wait, RL_MUTEX_LOCK, RL_COND_RELOCK, mutex);
    *woken = true;
    for (i = end - 1; i > wait; i--)
        if (signals(&shm->event[i], cond) && wasted(j, &shm->event[i], t, cond))
            return &shm->event[i];
    *woken = false;
    for (; i >= 0; i--)
        if (signals(&shm->event[i], cond))
            break;
    if (i < 0 || shm->event[i].woke & RL_BIT(t))
        return NULL;
    if (i < lock && shm->event[wait].looked)
        return NULL;
    return &shm->event[i];
}

static void lost_wakeup(struct judge *j, unsigned t, uint32_t cond,
                        const struct rx_event *lost, bool woken)
{
    struct finding *f = judge_new(j, RX_LOST_WAKEUP, false);

    finding_set(&f->variable, names_object(j->names, cond));
    finding_message(
        f,
        woken ? "%s waits on %s at %s for ever: the last signal, by %s at "
                "%s, woke a thread that then went back to wait"
              : "%s waits on %s at %s for ever: the signal came before, by "
                "%s at %s, and found nobody waiting",
        names_thread(j->names, t), f->variable,
        names_where(j->names, where(j, t)),
        names_thread(j->names, lost->thread), names_where(j->names, lost->pc));
    add_waiter(j, f, t);
    judge_party(j, f, lost->thread, "signal", lost->pc, cond);
    judge_put(j, f);
}

static void say_hang(struct judge *j, struct finding *f, unsigned t)
{
    const struct rl_world *w = server_world(j->server);
    const struct rl_step *s = pending(j, t);
    uint32_t object = object_of(j, t);
    unsigned owner;

    if (object == RX_NO_OBJECT) {
        say_waits(j, f, t, 0, RX_NO_OBJECT);
        return;
    }
    owner = w->objects[object].owner;
    finding_message(
        f, "%s waits for %s at %s for ever: ", names_thread(j->names, t),
        names_object(j->names, object), names_where(j->names, where(j, t)));
    if (s->op == RL_COND_WAKE)
        finding_message_add(f, "nobody is left who could signal it");
    else if (s->op == RL_BARRIER_LEAVE)
        finding_message_add(
            f, "%u of %u threads have come to it",
            (unsigned)__builtin_popcountll(w->objects[object].queue),
            (unsigned)w->objects[object].limit);
    else if (s->op == RL_SEM_WAIT)
        finding_message_add(f, "nobody is left who could post it");
    else if (owner < w->nthreads)
        finding_message_add(f, "%s locked it at %s and never unlocked it",
                            names_thread(j->names, owner),
                            names_where(j->names, held_at(j, owner, object)));
    else
        finding_message_add(f, "nobody is left who could end this");
}

static void hang(struct judge *j, unsigned first)
{
    const struct rl_world *w = server_world(j->server);
    struct finding *f = judge_new(j, RX_HANG, false);

    if (object_of(j, first) != RX_NO_OBJECT)
        finding_set(&f->variable, names_object(j->names, object_of(j, first)));
    say_hang(j, f, first);
    add_waiter(j, f, first);
    for (unsigned t = 0; t < w->nthreads; t++)
        if (t != first && (w->live & RL_BIT(t)))
            add_waiter(j, f, t);
    judge_put(j, f);
}

/* Threads that wait in loops for what nobody will change. */
static void livelock(struct judge *j, unsigned first)
{
    const struct rl_world *w = server_world(j->server);
    struct finding *f = judge_new(j, RX_LIVELOCK, false);
    const char *name = names_object(j->names, object_of(j, first));

    finding_set(&f->variable, name);
    finding_message(f,
                    "%s goes round in a loop at %s for ever: it waits for "
                    "%s to change, and nobody is left who changes it",
                    names_thread(j->names, first),
                    names_where(j->names, where(j, first)), name);
    add_waiter(j, f, first);
    for (unsigned t = 0; t < w->nthreads; t++)
        if (t != first && (w->live & RL_BIT(t)))
            add_waiter(j, f, t);
    judge_put(j, f);
}

void judge_standstill(struct judge *j)
{
    const struct rl_world *w = server_world(j->server);
    uint8_t ring[RL_THREADS];
    unsigned n = rl_cycle(w, ring), t;
    const struct rx_event *lost;
    bool woken;

    if (n > 1) {
        deadlock(j, ring, n);
        return;
    }
    if (n == 1) {
        self_deadlock(j, ring[0]);
        return;
    }
    t = root(j);
    if (pending(j, t)->op == RL_PARK) {
        livelock(j, t);
        return;
    }
    if (pending(j, t)->op == RL_COND_WAKE) {
        lost = lost_signal(j, t, object_of(j, t), &woken);
        if (lost) {
            lost_wakeup(j, t, object_of(j, t), lost, woken);
            return;
        }
    }
    hang(j, t);
}

// The token: who runs, who comes next, and what happens at a point.
#include "../strategy/strategy.h"
#include "raw.h"
#include "rt.h"

#include <linux/futex.h>

struct rl_world *rt_world;
struct rt_thread rt_threads[RL_THREADS] RT_FAR;
__thread struct rt_thread *rt_self;
bool rt_on;

static const struct rx_strategy *strategy;
static uint32_t decisions; // so far
static unsigned last;      // who took the last step

void rt_sched_begin(void)
{
    strategy = rx_strategy_find(rt_shm->job.strategy);
    if (!strategy)
        rt_unsupported("strategy", 0);
    if (strategy->begin)
        strategy->begin(&rt_shm->job);
}

static void wake(struct rt_thread *t)
{
    rt_shm->handovers++;
    t->go = 1;
    raw_call(SYS_futex, (long)&t->go, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0,
             0);
}

void rt_wait_turn(struct rt_thread *t)
{
    while (!t->go)
        raw_call(SYS_futex, (long)&t->go, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, 0,
                 0, 0);
    t->go = 0;
}

static struct rx_pick ask_strategy(unsigned current, uint64_t enabled)
{
    struct rx_view v = {
        .world = rt_world,
        .job = &rt_shm->job,
        .current = current,
        .last = last,
        .enabled = enabled,
        .step = rt_shm->result.nevents,
        .thread = rt_shm->result.thread,
    };

    for (unsigned i = 0; i < rt_world->nthreads; i++) {
        if (rt_threads[i].lazy)
            v.lazy |= RL_BIT(i);
        if (rt_loops(&rt_threads[i]))
            v.loops |= RL_BIT(i);
    }
    return strategy->pick(&v);
}

static struct rx_pick decide(unsigned current)
{
    uint64_t enabled = rl_enabled(rt_world);
    struct rx_pick p;

    if (decisions < rt_shm->job.nprefix) {
        p = rt_shm->prefix[decisions++];
        if (p.thread >= RL_THREADS ||
            !(rl_choices(rt_world, p.thread) & RL_BIT(p.choice)))
            rt_stop(RX_END_DIVERGED);
        return p;
    }
    decisions++;
    if (!enabled)
        rt_stop(RX_END_STANDSTILL);
    p = ask_strategy(current, enabled);
    if (p.thread == RX_STOP)
        rt_stop(RX_END_ASLEEP);
    return p;
}

static void give_way(struct rt_thread *t, uintptr_t pc)
{
    struct rx_thread *info = &rt_shm->result.thread[t->id];
    struct rx_pick p;

    info->pc = pc;
    info->points++;
    t->quiet = 0;
    rt_shm->progress++;
    if (++rt_shm->result.npoints > rt_shm->job.max_steps)
        rt_stop(RX_END_STEPS);
    p = decide(t->id);
    rt_threads[p.thread].choice = p.choice;
    if (p.thread == t->id)
        return;
    rt_shm->result.running = p.thread;
    wake(&rt_threads[p.thread]);
    rt_wait_turn(t);
}

// What the schedule relied on, so that a finding can say so.
static void note_needs(struct rt_thread *t, unsigned choice)
{
    struct rx_result *r = &rt_shm->result;

    if (rx_picks_thread(&rt_world->threads[t->id].pending))
        return;
    if (choice == RL_EARLY) {
        r->needs |= RX_NEEDS_SLOW;
        r->slow_waiter = t->id;
        r->slow_ns = rt_world->threads[t->id].pending.arg - rt_world->now;
    } else if (choice == RL_SPURIOUS) {
        r->needs |= RX_NEEDS_SPURIOUS;
    } else if (choice == RL_WEAK_FAIL) {
        r->needs |= RX_NEEDS_WEAK_CAS;
    }
}

// Keeps beside the model where each lock was taken.
static void keep_places(struct rt_thread *t, uintptr_t pc)
{
    const struct rl_thread *m = &rt_world->threads[t->id];
    struct rx_thread *info = &rt_shm->result.thread[t->id];
    struct rx_hold now[RL_HELD];

    for (unsigned i = 0; i < m->nheld; i++) {
        now[i] = (struct rx_hold){.object = m->held[i].id, .pc = pc};
        for (unsigned k = 0; k < info->nholds; k++)
            if (info->hold[k].object == now[i].object)
                now[i].pc = info->hold[k].pc;
    }
    info->nholds = m->nheld;
    for (unsigned i = 0; i < m->nheld; i++)
        info->hold[i] = now[i];
}

static void note_alive(void)
{
    uint32_t alive = (uint32_t)__builtin_popcountll(rt_world->live);

    if (alive > rt_shm->result.max_alive)
        rt_shm->result.max_alive = alive;
}

void rt_begin(struct rl_step *s, uintptr_t pc)
{
    struct rt_thread *t = rt_self;
    struct rl_step park;
    struct rl_effect e;

    rt_settle(t);
    s->place = (uint32_t)(pc - rt_shm->load_base);
    if (rt_loop_visit(t, s, pc, &park)) {
        rl_post(rt_world, t->id, &park);
        give_way(t, pc);
        rt_carry_out(pc, &e);
    }
    rl_post(rt_world, t->id, s);
    rt_section_tried(t, s, pc);
    give_way(t, pc);
}

// What can no longer be told when the step has been taken.
static void before_step(struct rt_thread *t, struct rx_event *ev)
{
    const struct rl_thread *m = &rt_world->threads[t->id];

    ev->looked = t->looked;
    t->was_shared = false;
    if (rt_gives_lock(ev->step.op) && rt_section_quiet(t, ev->step.refs[0].id))
        rt_world->threads[t->id].pending.flags |= RL_NO_CHANGE;
    if (ev->step.op != RL_RW_UNLOCK)
        return;
    for (unsigned i = 0; i < m->nheld; i++)
        if (m->held[i].id == ev->step.refs[0].id)
            t->was_shared = m->held[i].shared;
}

struct rx_event *rt_carry_out(uintptr_t pc, struct rl_effect *e)
{
    struct rt_thread *t = rt_self;
    const struct rl_thread *m = &rt_world->threads[t->id];
    struct rx_event *ev = rt_event(t->id, t->choice, pc);
    uint8_t held = m->nheld;

    rt_debug_step(pc);
    note_needs(t, t->choice);
    before_step(t, ev);
    if (strategy->takes) {
        struct rl_event about = rl_foresee(rt_world, t->id, t->choice);

        strategy->takes(&rt_shm->job, rt_world, &about);
    }
    rl_apply(rt_world, t->id, t->choice, e);
    last = t->id;
    note_alive();
    rt_event_done(ev, e);
    if (m->nheld > held)
        t->looked = false;
    if (m->nheld != held) {
        keep_places(t, pc);
        rt_section_keep(t);
    }
    rt_race_step(t, ev, e);
    if (e->nfindings)
        rt_model_findings(e, pc);
    rt_lazy_watch(t, ev, e);
    return ev;
}

void rt_do(struct rl_step *s, uintptr_t pc, struct rl_effect *e)
{
    struct rt_thread *t = rt_self;

    rt_begin(s, pc);
    rt_carry_out(pc, e);
    while (!e->done && !e->cancelled) {
        give_way(t, pc);
        rt_carry_out(pc, e);
    }
    if (e->cancelled)
        rt_leave_thread(t, PTHREAD_CANCELED);
}

// A new thread's START is posted by the model, its turn has come.
void rt_first_step(void)
{
    struct rt_thread *t = rt_self;
    struct rl_effect e;

    rt_signal_stack();
    rt_carry_out(rt_shm->result.thread[t->id].create_pc, &e);
}

// Before main there is no run: what constructors initialise is kept for it.
static struct early {
    enum rl_op op;
    enum rl_class class;
    const void *obj;
    unsigned kind;
    int64_t arg;
    uintptr_t pc;
} early[64];
static unsigned nearly;
static bool early_over;

static void keep_early(enum rl_op op, enum rl_class class, const void *obj,
                       unsigned kind, int64_t arg, uintptr_t pc)
{
    if (early_over)
        return;
    if (op != RL_MUTEX_INIT && op != RL_RW_INIT && op != RL_SEM_INIT &&
        op != RL_BARRIER_INIT)
        return;
    if (nearly == sizeof early / sizeof *early)
        rt_unsupported("more than 64 objects initialised before main", pc);
    early[nearly++] = (struct early){op, class, obj, kind, arg, pc};
}

void rt_early_steps(void)
{
    early_over = true;
    for (unsigned i = 0; i < nearly; i++)
        rt_step(early[i].op, early[i].class, early[i].obj, early[i].kind,
                early[i].arg, 0, early[i].pc);
}

int rt_step(enum rl_op op, enum rl_class class, const void *obj, unsigned kind,
            int64_t arg, unsigned flags, uintptr_t pc)
{
    struct rl_step s = rl_step(op);
    struct rl_effect e;

    if (!rt_on) {
        keep_early(op, class, obj, kind, arg, pc);
        return 0;
    }
    if (class != RL_NO_CLASS)
        rt_ref(&s, class, (uintptr_t)obj, kind, pc);
    s.arg = arg;
    s.flags |= (uint16_t)flags;
    rt_do(&s, pc, &e);
    return e.result;
}

// The thread is over: it hands the token on and is never seen again. The
// real thread sleeps until the process ends, so that nothing that glibc
// does at the end of a thread runs beside the program.
_Noreturn void rt_last_step(uintptr_t pc)
{
    struct rt_thread *t = rt_self;
    struct rl_step s = rl_step(RL_END);
    struct rl_effect e;
    struct rx_pick p;

    rt_do(&s, pc, &e);
    if (!rt_world->live)
        rt_exit_with(0);
    p = decide(t->id);
    rt_threads[p.thread].choice = p.choice;
    rt_shm->result.running = p.thread;
    wake(&rt_threads[p.thread]);
    for (;;)
        rt_wait_turn(t);
}

unsigned rt_last_mover(void)
{
    return last;
}

bool rt_time_awaited(void)
{
    for (unsigned i = 0; i < rt_world->nthreads; i++)
        if (i != rt_self->id && (rt_world->live & RL_BIT(i)) &&
            (rt_world->threads[i].pending.flags & RL_TIMED))
            return true;
    return false;
}

/*
 * What the strategies promise, on programs whose depth is known, in this
 * process: the odds of PCT, and how far delay bounding goes from its order.
 *
 * The program of depth d: two threads move a number by compare-exchange, one
 * from 0 to 1, the other from 1 to 2, the first from 2 to 3, ... up to d + 1,
 * with other steps in between. It comes to d + 1 only when they take turns
 * with at least d - 1 preemptions.
 */
#include "../../../tools/explore/strategy/strategy.h"
#include "../search/programs.h"

#include <stdio.h>

enum { SEEDS = 20000, MOST_STEPS = 400 };

struct run {
    bool hit;
    uint32_t steps;
    unsigned delays; /* of the order that delay bounding starts from */
    uint64_t trace;
};

static struct vm_program chain(int depth, int padding)
{
    struct vm_program p;

    memset(&p, 0, sizeof p);
    main_of(&p, 2);
    for (int i = 0; i <= depth; i++) {
        unsigned code = 1 + i % 2;
        struct vm_ins cas = {.op = VM_STEP,
                             .step = RL_ATOMIC_CAS,
                             .b = (uint8_t)(i + 1),
                             .imm = (int16_t)i};

        for (int k = 0; k < padding; k++)
            step(&p, code, RL_ATOMIC_RMW, 1, 1);
        emit(&p, code, cas);
    }
    return p;
}

static unsigned next(uint64_t among, unsigned from)
{
    uint64_t after = among & ~(RL_BIT(from) - 1);

    return (unsigned)__builtin_ctzll(after ? after : among);
}

static unsigned skipped(uint64_t among, unsigned turn, unsigned picked)
{
    unsigned n = 0;

    for (unsigned t = next(among, turn); t != picked; t = next(among, t + 1))
        n++;
    return n;
}

static struct run run(const struct vm_program *p, int goal,
                      const char *strategy, const struct rx_job *job)
{
    static struct rx_thread threads[RL_THREADS + 1];
    const struct rx_strategy *s = rx_strategy_find(strategy);
    struct rl_world *w = malloc(rl_world_bytes(vm_objects()));
    struct vm vm = {.program = p};
    struct vm_state state;
    struct rl_effect e;
    struct rx_pick pick = {0, 0};
    struct run r = {.trace = 1};
    unsigned turn = 0;

    if (!s || !w)
        abort();
    rl_world_init(w, vm_objects(), (struct rl_budget){0});
    vm_begin(&vm, &state, w);
    if (s->begin)
        s->begin(job);
    while (rl_enabled(w)) {
        struct rx_view v = {.world = w,
                            .job = job,
                            .current = pick.thread,
                            .last = pick.thread,
                            .enabled = rl_enabled(w),
                            .step = r.steps,
                            .thread = threads};

        if (++r.steps > MOST_STEPS)
            abort();
        pick = s->pick(&v);
        r.delays += skipped(rx_ready(&v), turn, pick.thread);
        turn = pick.thread;
        r.trace = vm_hash(r.trace, &pick, sizeof pick);
        vm_look(&vm, &state, w, pick.thread, pick.choice);
        vm_apply(&vm, &state, w, pick.thread, pick.choice, &e);
    }
    r.hit = state.atomics[0] == goal;
    free(w);
    return r;
}

struct tally {
    unsigned hits, most_delays;
    struct vm_set traces;
};

static struct tally try_all(const struct vm_program *p, int goal,
                            const char *strategy, struct rx_job *job)
{
    struct tally all = {0};

    for (job->seed = 1; job->seed <= SEEDS; job->seed++) {
        struct run r = run(p, goal, strategy, job);

        all.hits += r.hit;
        if (r.delays > all.most_delays)
            all.most_delays = r.delays;
        vm_set_add(&all.traces, r.trace);
    }
    return all;
}

static bool check(bool holds, const char *what, int depth, int bound,
                  unsigned got, double least, double most)
{
    printf("%s %s, depth %d with %d: %u of %d, from %.1f to %.0f\n",
           holds ? "ok" : "not ok", what, depth, bound, got, SEEDS, least,
           most);
    return holds;
}

/* Found with its own depth as often as the paper says, never with less. */
static bool pct(int depth, int padding)
{
    struct vm_program p = chain(depth, padding);
    struct rx_job job = {.seed = 1};
    double k = run(&p, 0, "nopreempt", &job).steps, odds = SEEDS / 3.0;
    struct tally all;
    bool fine = true;

    job.param[1] = (int64_t)k;
    for (int d = 1; d <= depth; d++) {
        job.param[0] = d;
        all = try_all(&p, depth + 1, "pct", &job);
        vm_set_free(&all.traces);
        if (d < depth)
            fine &= check(!all.hits, "pct", depth, d, all.hits, 0, 0);
        else
            fine &=
                check(all.hits >= odds, "pct", depth, d, all.hits, odds, SEEDS);
        odds /= k;
    }
    return fine;
}

/* Never more delays than given, as many schedules as there are places for
 * them, and the bug with as many as it needs. */
static bool delaybound(int depth, int padding)
{
    struct vm_program p = chain(depth, padding);
    struct rx_job job = {.seed = 1};
    double k = run(&p, 0, "nopreempt", &job).steps, schedules = 1;
    bool fine = true;

    job.param[1] = (int64_t)k;
    for (int d = 1; d <= depth; d++) {
        struct tally all;
        bool reached; /* a preemption less than the depth is one delay */
        unsigned n;

        job.param[0] = d;
        all = try_all(&p, depth + 1, "delaybound", &job);
        n = (unsigned)all.traces.n;
        vm_set_free(&all.traces);
        schedules = schedules * k + 1;
        fine &= check(all.most_delays <= (unsigned)d, "delays", depth, d,
                      all.most_delays, 0, d);
        fine &= check(n > 1 && n <= schedules, "schedules", depth, d, n, 2,
                      schedules);
        reached = d >= depth - 1;
        fine &= check(reached == (all.hits > 0), "delaybound", depth, d,
                      all.hits, reached, reached ? SEEDS : 0);
    }
    return fine;
}

/* The others promise no number; what they must find they find. */
static bool finds(const char *strategy, int depth)
{
    struct vm_program p = chain(depth, 2);
    struct rx_job job = {.seed = 1};
    struct tally all = try_all(&p, depth + 1, strategy, &job);

    vm_set_free(&all.traces);
    return check(all.hits > 0, strategy, depth, 0, all.hits, 1, SEEDS);
}

int main(void)
{
    bool fine = true;

    for (int depth = 1; depth <= 3; depth++)
        for (int padding = 0; padding <= 4; padding += 2)
            fine &= pct(depth, padding);
    for (int depth = 1; depth <= 3; depth++)
        fine &= delaybound(depth, 2);
    fine &= finds("random", 3) & finds("pos", 3) & finds("delay", 2);
    return !fine;
}

/*
 * The search with many slots, whose runs end in an order drawn from a seed,
 * against the search with one: the traces must be the same, in the same
 * order.
 *   slots FIRST COUNT
 */
#include "../../../tools/explore/search/search.h"
#include "programs.h"

#include <stdio.h>

#define SLOTS 5

/* An executor whose slots are runners of their own. */
struct many {
    struct vm_runner *runners[SLOTS];
    struct rl_executor one[SLOTS];
    bool busy[SLOTS];
    uint64_t state;
    uint64_t ahead; /* starts while another slot was busy */
};

static int start(void *self, unsigned slot, const struct rl_request *request)
{
    struct many *m = self;

    for (unsigned i = 0; i < SLOTS; i++)
        m->ahead += m->busy[i];
    m->busy[slot] = true;
    return m->one[slot].start(m->one[slot].self, 0, request);
}

static int wait(void *self, struct rl_trace *trace)
{
    struct many *m = self;
    unsigned slot;

    do {
        m->state = m->state * UINT64_C(6364136223846793005) + 1;
        slot = (unsigned)(m->state >> 33) % SLOTS;
    } while (!m->busy[slot]);
    m->busy[slot] = false;
    if (m->one[slot].wait(m->one[slot].self, trace) < 0)
        return -1;
    return (int)slot;
}

static void release(void *self, struct rl_trace *trace)
{
    struct many *m = self;

    m->one[0].release(m->one[0].self, trace);
}

static uint64_t all_traces(const struct rl_executor *x,
                           const struct vm_program *p, uint64_t stop_after)
{
    struct rl_search_options o = {.budget = p->budget, .max_steps = 500};
    struct rl_search *s;
    const struct rl_trace *t;
    uint64_t h = 0, n = 0;

    o.rules.unordered_output = p->budget.unordered_output;
    s = rl_search_new(x, &o);
    while (n++ < stop_after && rl_search_next(s, &t) == RL_SEARCH_RUN) {
        for (uint32_t i = 0; i < t->nevents; i++) {
            const unsigned char move[3] = {
                t->events[i].thread, t->events[i].choice, t->events[i].step.op};

            h = vm_hash(h, move, sizeof move);
        }
        h = vm_hash(h, &t->end, sizeof t->end);
        h = vm_hash(h, &t->outcome, sizeof t->outcome);
    }
    rl_search_free(s);
    return h;
}

static bool same(uint64_t seed, struct many *m)
{
    struct rl_executor x = {m, SLOTS, start, wait, release}, one;
    struct vm_program p;
    struct vm_runner *r;
    uint64_t a, b, stop = seed % 5 ? 400 : 7;

    vm_generate(&p, seed);
    r = vm_runner_new(&p);
    one = vm_executor(r);
    m->state = seed;
    for (unsigned i = 0; i < SLOTS; i++) {
        m->runners[i] = vm_runner_new(&p);
        m->one[i] = vm_executor(m->runners[i]);
        m->busy[i] = false;
    }
    a = all_traces(&one, &p, stop);
    b = all_traces(&x, &p, stop);
    for (unsigned i = 0; i < SLOTS; i++)
        vm_runner_free(m->runners[i]);
    vm_runner_free(r);
    if (a != b)
        printf("seed %lu: %d slots give other traces than one\n", seed, SLOTS);
    return a == b;
}

int main(int argc, char **argv)
{
    struct many m = {.ahead = 0};
    uint64_t first, count;
    bool ok = true;

    if (argc != 3)
        return 2;
    first = strtoull(argv[1], NULL, 10);
    count = strtoull(argv[2], NULL, 10);
    for (uint64_t seed = first; seed < first + count; seed++)
        ok &= same(seed, &m);
    if (ok)
        printf("%lu programs, the same traces; started ahead: %s\n", count,
               m.ahead > count ? "many" : "few");
    return !ok;
}

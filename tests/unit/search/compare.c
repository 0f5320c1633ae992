/*
 * The search against the plain enumerator, over generated programs:
 *   compare FIRST COUNT            every program must agree
 *   compare FIRST COUNT --without ROW
 *                                  a row of the table of dependence is left
 *                                  out: exits 0 if some program disagrees
 *   compare FIRST COUNT --eager    every pair in conflict is reversed, not
 *                                  only neighbours: the same answers
 *   compare --rows                 the number of rows
 *   compare --show SEED            the program, and the search's runs
 */
#include "../../../tools/explore/search/search.h"
#include "../../../tools/explore/search/vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STATES 30000
#define MOST_RUNS 3000

struct found {
    struct vm_set outcomes, findings;
    struct rl_search_stats stats;
    bool race, stuck, too_many, failed;
};

struct totals {
    uint64_t programs, racy, clean, stuck, skipped, states, runs, redundant;
    uint64_t most_runs, ops[RL_OPS];
};

static void print_run(const struct rl_trace *t)
{
    static const char *const ends[] = {"done",       "stuck",    "asleep",
                                       "steps",      "diverged", "crashed",
                                       "unsupported"};

    for (uint32_t i = 0; i < t->nevents; i++) {
        const struct rl_event *e = &t->events[i];

        printf(" %u:%s", e->thread, rl_op_name(e->step.op));
        if (e->choice)
            printf("/%u", e->choice);
    }
    for (unsigned i = 0; i < t->nthreads; i++)
        if (t->live & RL_BIT(i))
            printf(" [%u at %s]", i, rl_op_name(t->last[i].op));
    printf(" => %s %016lx\n", ends[t->end], t->outcome);
}

static bool eager;

static void search(const struct vm_program *p, uint64_t removed,
                   struct found *f, bool print)
{
    struct vm_runner *r = vm_runner_new(p);
    struct rl_executor x = vm_executor(r);
    struct rl_search_options o = {.budget = p->budget, .max_steps = 500};
    const struct rl_trace *t;
    struct rl_search *s;
    enum rl_search_state state;

    o.rules.unordered_output = p->budget.unordered_output;
    o.rules.removed = removed;
    o.eager = eager;
    s = rl_search_new(&x, &o);
    vm_collect_findings(r, &f->findings);
    while ((state = rl_search_next(s, &t)) == RL_SEARCH_RUN) {
        if (print)
            print_run(t);
        if (t->race)
            f->race = true;
        if (t->end == RL_END_STUCK)
            f->stuck = true;
        if (t->end == RL_END_DONE || t->end == RL_END_STUCK)
            vm_set_add(&f->outcomes, t->outcome);
        if (rl_search_stats(s).runs == MOST_RUNS) {
            f->too_many = true;
            break;
        }
    }
    f->failed = state == RL_SEARCH_FAILED;
    f->stats = rl_search_stats(s);
    rl_search_free(s);
    vm_runner_free(r);
}

/* What differs, or NULL. */
static const char *difference(const struct vm_all *all, const struct found *f)
{
    if (all->race != f->race)
        return all->race ? "a race not found" : "a race that is none";
    if (all->race) /* its runs depend on more than the search looks at */
        return NULL;
    if (f->failed)
        return "the search failed";
    if (f->stats.bad || f->stats.cut)
        return "a run diverged or did not end";
    if (!vm_set_equal(&all->outcomes, &f->outcomes))
        return all->outcomes.n > f->outcomes.n ? "outcomes missing"
                                               : "outcomes differ";
    if (!vm_set_equal(&all->findings, &f->findings))
        return "findings differ";
    if (all->stuck != f->stuck)
        return "a standstill";
    if (f->stats.impossible)
        return "a reversal that the model refused";
    return NULL;
}

static void count_ops(const struct vm_program *p, struct totals *sum)
{
    for (unsigned c = 0; c < p->ncodes; c++)
        for (unsigned i = 0; i < p->length[c]; i++)
            if (p->code[c][i].op == VM_STEP)
                sum->ops[p->code[c][i].step]++;
}

static bool compare(uint64_t seed, uint64_t removed, struct totals *sum)
{
    struct vm_program p;
    struct vm_all all;
    struct found f;
    const char *what = NULL;

    vm_generate(&p, seed);
    memset(&f, 0, sizeof f);
    memset(&all, 0, sizeof all);
    vm_enumerate(&p, MOST_STATES, &all);
    if (!all.too_many)
        search(&p, removed, &f, false);
    if (p.plain_steps) /* then every order of them is an interleaving */
        all.race = f.race = false;
    if (all.too_many || f.too_many) {
        sum->skipped++;
    } else {
        what = difference(&all, &f);
        sum->programs++;
        sum->racy += all.race;
        sum->clean += !all.race;
        sum->stuck += all.stuck;
        sum->states += all.states;
        sum->runs += f.stats.runs;
        sum->redundant += f.stats.redundant;
        if (f.stats.runs > sum->most_runs)
            sum->most_runs = f.stats.runs;
        count_ops(&p, sum);
    }
    if (what)
        printf("seed %lu: %s (%lu bad, %lu cut, outcomes %zu and %zu, findings "
               "%zu and %zu, "
               "%lu states, %lu runs)\n",
               seed, what, f.stats.bad, f.stats.cut, all.outcomes.n,
               f.outcomes.n, all.findings.n, f.findings.n, all.states,
               f.stats.runs);
    vm_all_free(&all);
    vm_set_free(&f.outcomes);
    vm_set_free(&f.findings);
    return !what;
}

static void report(const struct totals *t)
{
    printf("%lu programs: %lu race-free, %lu racy, %lu with a standstill; "
           "%lu skipped\n",
           t->programs, t->clean, t->racy, t->stuck, t->skipped);
    printf("%lu states, %lu runs (at most %lu), %lu redundant\n", t->states,
           t->runs, t->most_runs, t->redundant);
    for (unsigned i = 1; i < RL_OPS; i++)
        if (t->ops[i])
            printf("%s %lu, ", rl_op_name(i), t->ops[i]);
    printf("\n");
}

int main(int argc, char **argv)
{
    struct totals sum;
    struct vm_program p;
    struct found f = {0};
    uint64_t first, count, removed = 0, differ = 0;

    memset(&sum, 0, sizeof sum);
    if (argc == 2 && !strcmp(argv[1], "--rows")) {
        printf("%u\n", rl_depend_rows());
        return 0;
    }
    if (argc == 3 && !strcmp(argv[1], "--show")) {
        vm_generate(&p, strtoull(argv[2], NULL, 10));
        vm_print(&p);
        search(&p, 0, &f, true);
        return 0;
    }
    eager = argc == 4 && !strcmp(argv[3], "--eager");
    if (argc != 3 && argc != 5 && !eager)
        return 2;
    first = strtoull(argv[1], NULL, 10);
    count = strtoull(argv[2], NULL, 10);
    if (argc == 5)
        removed = RL_BIT(strtoull(argv[4], NULL, 10));
    for (uint64_t seed = first; seed < first + count; seed++) {
        differ += !compare(seed, removed, &sum);
        if (removed && differ)
            return 0;
        if (differ == 20)
            break;
    }
    if (removed) {
        printf("nobody noticed: %s\n",
               rl_depend_reason((unsigned)strtoul(argv[4], NULL, 10)));
        return 1;
    }
    report(&sum);
    return differ != 0;
}

/*
 * The search against the plain enumerator, over generated programs:
 *   compare FIRST COUNT            every program must agree
 *   compare FIRST COUNT --rows     and for each row of the table of dependence
 *                                  the first program, of 6,000, that disagrees
 *                                  when the row is left out
 *   compare FIRST COUNT --eager    every pair in conflict is reversed, not
 *                                  only neighbours: the same answers
 *   compare --show SEED            the program, and the search's runs
 */
#include "../../../tools/explore/search/search.h"
#include "../../../tools/explore/search/vm.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STATES 4000
#define MOST_RUNS 3000
#define MOST_FOR_ROWS 6000 /* programs */

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

/* For each row whether some program disagreed without it. */
static bool noticed[64];

/* Leaves out each row that nobody has noticed yet. */
static void without_rows(const struct vm_program *p, uint64_t seed,
                         struct vm_all *all)
{
    for (unsigned row = 0; row < rl_depend_rows(); row++) {
        struct found f;
        const char *what = NULL;

        if (noticed[row])
            continue;
        memset(&f, 0, sizeof f);
        search(p, RL_BIT(row), &f, false);
        if (p->plain_steps)
            f.race = false;
        if (!f.too_many)
            what = difference(all, &f);
        if (what)
            printf("row %u noticed by %lu: %s\n", row, seed, what);
        noticed[row] = what != NULL;
        vm_set_free(&f.outcomes);
        vm_set_free(&f.findings);
    }
}

static void count_program(const struct vm_program *p, const struct vm_all *all,
                          const struct found *f, struct totals *sum)
{
    sum->programs++;
    sum->racy += all->race;
    sum->clean += !all->race;
    sum->stuck += all->stuck;
    sum->states += all->states;
    sum->runs += f->stats.runs;
    sum->redundant += f->stats.redundant;
    if (f->stats.runs > sum->most_runs)
        sum->most_runs = f->stats.runs;
    count_ops(p, sum);
}

static bool compare(uint64_t seed, bool rows, struct totals *sum)
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
        search(&p, 0, &f, false);
    if (p.plain_steps) /* then every order of them is an interleaving */
        all.race = f.race = false;
    if (all.too_many || f.too_many) {
        sum->skipped++;
    } else {
        what = difference(&all, &f);
        count_program(&p, &all, &f, sum);
        if (rows)
            without_rows(&p, seed, &all);
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

static void report_rows(void)
{
    unsigned rows = rl_depend_rows(), n = 0;

    for (unsigned row = 0; row < rows; row++) {
        n += noticed[row];
        if (!noticed[row])
            printf("nobody noticed: %s\n", rl_depend_reason(row));
    }
    printf("%u of %u rows noticed\n", n, rows);
}

static int show(uint64_t seed)
{
    struct vm_program p;
    struct found f = {0};

    vm_generate(&p, seed);
    vm_print(&p);
    search(&p, 0, &f, true);
    return 0;
}

int main(int argc, char **argv)
{
    struct totals sum;
    uint64_t first, count, differ = 0;
    bool rows = argc == 4 && !strcmp(argv[3], "--rows");

    memset(&sum, 0, sizeof sum);
    if (argc == 3 && !strcmp(argv[1], "--show"))
        return show(strtoull(argv[2], NULL, 10));
    eager = argc == 4 && !strcmp(argv[3], "--eager");
    if (argc != 3 && !eager && !rows)
        return 2;
    /* The tables of a program are the next one's: none back to the system. */
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    first = strtoull(argv[1], NULL, 10);
    count = strtoull(argv[2], NULL, 10);
    for (uint64_t i = 0; i < count && differ < 20; i++)
        differ += !compare(first + i, rows && i < MOST_FOR_ROWS, &sum);
    report(&sum);
    if (rows)
        report_rows();
    return differ != 0;
}

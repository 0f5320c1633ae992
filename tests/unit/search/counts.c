/*
 * How many interleavings the search finds for programs whose number of
 * inequivalent ones is known; prints a line each, fails on a wrong number or
 * a redundant run. Without arguments all; "quick" leaves the longest out.
 */
#include "../../../tools/explore/search/search.h"
#include "programs.h"

#include <stdio.h>

struct count {
    uint64_t runs, stuck;
};

static struct count count(const struct vm_program *p, const char *what)
{
    struct vm_runner *r = vm_runner_new(p);
    struct rl_executor x = vm_executor(r);
    struct rl_search_options o = {.budget = p->budget, .max_steps = 2000};
    struct rl_search *s = rl_search_new(&x, &o);
    const struct rl_trace *t;
    struct count c = {0, 0};
    enum rl_search_state state;

    while ((state = rl_search_next(s, &t)) == RL_SEARCH_RUN)
        if (t->end == RL_END_STUCK)
            c.stuck++;
    struct rl_search_stats stats = rl_search_stats(s);
    c.runs = stats.complete;
    if (state != RL_SEARCH_FINISHED || stats.complete != stats.runs ||
        stats.impossible) {
        printf("%s: state %d, %lu runs, %lu complete, %lu redundant, "
               "%lu impossible\n",
               what, state, stats.runs, stats.complete, stats.redundant,
               stats.impossible);
        c.runs = 0;
    }
    rl_search_free(s);
    vm_runner_free(r);
    return c;
}

static bool expect(const char *what, const struct vm_program *p, uint64_t runs,
                   uint64_t stuck)
{
    struct count c = count(p, what);
    bool ok = c.runs == runs && c.stuck == stuck;

    printf("%s %s: %lu interleavings, %lu stuck", ok ? "ok" : "not ok", what,
           c.runs, c.stuck);
    if (!ok)
        printf(", expected %lu, %lu", runs, stuck);
    printf("\n");
    fflush(stdout);
    return ok;
}

static bool locks(unsigned n, unsigned k, uint64_t runs)
{
    struct vm_program p;
    char what[64];

    memset(&p, 0, sizeof p);
    main_of(&p, n);
    for (unsigned i = 1; i <= n; i++)
        for (unsigned j = 0; j < k; j++)
            section(&p, i, 0);
    snprintf(what, sizeof what, "%u threads x %u on one lock", n, k);
    return expect(what, &p, runs, 0);
}

/* Each thread's sections, a letter a lock; n threads. */
static bool letters(const char *const *threads, unsigned n, uint64_t runs)
{
    struct vm_program p;
    char what[64] = "";

    memset(&p, 0, sizeof p);
    main_of(&p, n);
    for (unsigned i = 0; i < n; i++) {
        for (const char *c = threads[i]; *c; c++)
            section(&p, i + 1, (unsigned)(*c - 'A'));
        strcat(strcat(what, i ? ", " : ""), threads[i]);
    }
    return expect(what, &p, runs, 0);
}

static bool nested(void)
{
    struct vm_program p;

    memset(&p, 0, sizeof p);
    main_of(&p, 2);
    for (unsigned i = 1; i <= 2; i++) {
        step(&p, i, RL_MUTEX_LOCK, i - 1, 0);
        step(&p, i, RL_MUTEX_LOCK, 2 - i, 0);
        step(&p, i, RL_MUTEX_UNLOCK, 2 - i, 0);
        step(&p, i, RL_MUTEX_UNLOCK, i - 1, 0);
    }
    return expect("A(B) against B(A)", &p, 3, 1);
}

static bool readers(unsigned n)
{
    struct vm_program p;
    char what[64];

    memset(&p, 0, sizeof p);
    main_of(&p, n + 1);
    step(&p, 1, RL_ATOMIC_STORE, 0, 1);
    for (unsigned i = 2; i <= n + 1; i++)
        step(&p, i, RL_ATOMIC_LOAD, 0, 0);
    snprintf(what, sizeof what, "one writer, %u readers", n);
    return expect(what, &p, UINT64_C(1) << n, 0);
}

/* lastzero(n) of Abdulla et al. 2014: a reader looks from the top for the
 * last zero, n writers set array[i] = array[i - 1] + 1. */
static bool lastzero(unsigned n, uint64_t runs)
{
    struct vm_program p;
    char what[64];

    memset(&p, 0, sizeof p);
    main_of(&p, n + 1);
    for (unsigned i = n; i > 0; i--) {
        step(&p, 1, RL_ATOMIC_LOAD, i, 0);
        emit(&p, 1,
             (struct vm_ins){
                 .op = VM_SKIP_EQ, .b = (uint8_t)(2 * i - 1), .imm = 0});
    }
    step(&p, 1, RL_ATOMIC_LOAD, 0, 0);
    for (unsigned i = 2; i <= n + 1; i++) {
        step(&p, i, RL_ATOMIC_LOAD, i - 2, 0);
        step(&p, i, RL_ATOMIC_STORE, i - 1, 1);
    }
    snprintf(what, sizeof what, "lastzero(%u)", n);
    return expect(what, &p, runs, 0);
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && !strcmp(argv[1], "quick"), ok = true;

    ok &= locks(2, 2, 6);
    ok &= locks(3, 2, 90);
    ok &= locks(2, 5, 252);
    ok &= locks(3, 3, 1680);
    ok &= letters((const char *const[]){"AAA", "BBB"}, 2, 1);
    ok &= letters((const char *const[]){"AB", "BA"}, 2, 3);
    ok &= letters((const char *const[]){"ABAB", "BABA"}, 2, 19);
    ok &= letters((const char *const[]){"AB", "AB", "AB"}, 3, 36);
    ok &= letters((const char *const[]){"AB", "BC", "CA"}, 3, 7);
    ok &= nested();
    for (unsigned n = 1; n <= 4; n++)
        ok &= readers(n);
    ok &= lastzero(2, 5);
    ok &= lastzero(3, 12);
    ok &= lastzero(4, 28);
    ok &= lastzero(5, 64);
    if (!quick)
        ok &= locks(2, 10, 184756);
    return !ok;
}

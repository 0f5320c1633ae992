/*
 * How the process ended and what it printed, against what was expected.
 */
#include "judge.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const struct rx_result *result(const struct judge *j)
{
    return &server_shm(j->server)->result;
}

static void one_place(struct judge *j, enum rx_kind kind, uint64_t pc,
                      const char *op, const char *message)
{
    struct finding *f = judge_new(j, kind, false);

    finding_message(f, "%s", message);
    judge_party(j, f, result(j)->running, op, pc, RX_NO_OBJECT);
    judge_put(j, f);
}

static const char *signal_words(int sig)
{
    switch (sig) {
    case SIGSEGV:
        return "an invalid memory access (SIGSEGV)";
    case SIGBUS:
        return "an invalid memory access (SIGBUS)";
    case SIGFPE:
        return "a division by zero or the like (SIGFPE)";
    case SIGABRT:
        return "abort (SIGABRT)";
    case SIGILL:
        return "an invalid instruction (SIGILL)";
    default:
        return strsignal(sig);
    }
}

static void crashed(struct judge *j)
{
    const struct rx_result *r = result(j);
    int sig = WIFSIGNALED(r->status) ? WTERMSIG(r->status) : r->signal;
    char text[400];

    snprintf(text, sizeof text, "%s ends the program at %s: %s",
             names_thread(j->names, r->running),
             names_where(j->names, r->what_pc),
             sig ? signal_words(sig) : r->what);
    one_place(j, RX_CRASH, r->what_pc, "crash", text);
}

/* The n-th line of a text, without its end; false behind the last. */
static bool line_of(const char *text, size_t length, unsigned n, char *line,
                    size_t size)
{
    const char *end = text + length, *stop;
    size_t len;

    while (n-- > 1) {
        text = memchr(text, '\n', (size_t)(end - text));
        if (!text)
            return false;
        text++;
    }
    if (text >= end)
        return false;
    stop = memchr(text, '\n', (size_t)(end - text));
    len = (size_t)((stop ? stop : end) - text);
    if (len > size - 1)
        len = size - 1;
    memcpy(line, text, len);
    line[len] = 0;
    return true;
}

static void wrong_output(struct judge *j, const char *out, size_t length)
{
    const struct expect *x = j->expect;
    struct finding *f = judge_new(j, RX_WRONG_OUTPUT, false);
    char want[160], got[160];
    bool has_want, has_got;
    unsigned n = 0;

    do {
        n++;
        has_want = line_of(x->output, x->length, n, want, sizeof want);
        has_got = line_of(out, length, n, got, sizeof got);
    } while (has_want && has_got && !strcmp(want, got));
    if (!has_want && !has_got)
        finding_message(f, "the output differs from what was expected only "
                           "in the end of its last line");
    else if (!has_got)
        finding_message(f, "the output ends before line %u: expected \"%s\"", n,
                        want);
    else if (!has_want)
        finding_message(f,
                        "the output goes on after its end: line %u is "
                        "\"%s\"",
                        n, got);
    else
        finding_message(f,
                        "line %u of the output is wrong: expected \"%s\", "
                        "got \"%s\"",
                        n, want, got);
    if (has_want)
        finding_set(&f->expected, want);
    if (has_got)
        finding_set(&f->got, got);
    judge_put(j, f);
}

static uint32_t sum(const uint32_t *v)
{
    uint32_t n = 0;

    for (unsigned t = 0; t < RL_THREADS; t++)
        n += v[t];
    return n;
}

/* A thread that could still go on when the process ended, and that prints
 * more when it is let. */
static void cut_off(struct judge *j)
{
    const struct rx_result *r = result(j);
    uint32_t now = 0;

    if (!j->has_outputs)
        return;
    for (unsigned t = 0; t < RL_THREADS; t++)
        now += r->thread[t].outputs;
    if (now >= sum(j->outputs))
        return;
    for (unsigned t = 0; t < RL_THREADS; t++) {
        struct finding *f;

        if (!(r->cut & RL_BIT(t)) || r->thread[t].outputs >= j->outputs[t])
            continue;
        f = judge_new(j, RX_CUT_OFF, false);
        finding_message(f,
                        "%s is still at work at %s when the process ends: "
                        "what it would have printed is lost",
                        names_thread(j->names, t),
                        names_where(j->names, r->thread[t].pc));
        judge_party(j, f, t, "alive", r->thread[t].pc, RX_NO_OBJECT);
        judge_party(j, f, r->running, "exit", r->what_pc, RX_NO_OBJECT);
        judge_put(j, f);
    }
}

static void leaked_threads(struct judge *j)
{
    const struct rl_world *w = server_world(j->server);

    for (unsigned t = 1; t < w->nthreads; t++) {
        const struct rl_thread *m = &w->threads[t];
        const struct rx_thread *info = &result(j)->thread[t];
        struct finding *f;

        if (m->detached || m->life == RL_JOINED)
            continue;
        f = judge_new(j, RX_THREAD_LEAK, true);
        finding_message(f, "%s, created at %s, is never joined",
                        names_thread(j->names, t),
                        names_where(j->names, info->create_pc));
        judge_party(j, f, t, "create", info->create_pc, RX_NO_OBJECT);
        judge_put(j, f);
    }
}

static void exited(struct judge *j)
{
    const struct rx_result *r = result(j);
    size_t length;
    const char *out = server_stdout(j->server, &length);
    int code = WIFEXITED(r->status) ? WEXITSTATUS(r->status) : -1;

    if (WIFSIGNALED(r->status)) {
        crashed(j);
        return;
    }
    cut_off(j);
    leaked_threads(j);
    if (code != j->expect->exit_code) {
        struct finding *f = judge_new(j, RX_EXIT_CODE, false);

        finding_message(f, "the program ends with exit code %d instead of %d",
                        code, j->expect->exit_code);
        judge_put(j, f);
    }
    if (j->expect->output &&
        (length != j->expect->length || memcmp(out, j->expect->output, length)))
        wrong_output(j, out, length);
}

void judge_outcome(struct judge *j)
{
    const struct rx_result *r = result(j);
    char text[300];

    switch (r->end) {
    case RX_END_EXIT:
        exited(j);
        break;
    case RX_END_ASSERT:
        snprintf(text, sizeof text, "assertion failed at %s: %s",
                 names_where(j->names, r->what_pc), r->what);
        one_place(j, RX_ASSERT, r->what_pc, "assert", text);
        break;
    case RX_END_CRASH:
    case RX_END_NONE:
        crashed(j);
        break;
    default:
        break; /* no verdict from this run: see plan.c */
    }
}

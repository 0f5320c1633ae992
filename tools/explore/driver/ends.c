/*
 * See ends.h.
 */
#include "ends.h"

#include <stdio.h>
#include <sys/wait.h>

bool ends_verdict(const struct rx_result *r)
{
    return r->end == RX_END_EXIT || r->end == RX_END_STANDSTILL ||
           r->end == RX_END_ASSERT || r->end == RX_END_CRASH ||
           r->end == RX_END_NONE || r->end == RX_END_ASLEEP;
}

void ends_words(const struct rx_result *r, char *text, size_t size)
{
    switch (r->end) {
    case RX_END_EXIT:
        snprintf(text, size, "exit %d",
                 WIFEXITED(r->status) ? WEXITSTATUS(r->status) : -1);
        break;
    case RX_END_STANDSTILL:
        snprintf(text, size, "standstill");
        break;
    case RX_END_STEPS:
        snprintf(text, size, "step limit");
        break;
    case RX_END_ASSERT:
        snprintf(text, size, "assert");
        break;
    case RX_END_CRASH:
    case RX_END_NONE:
        snprintf(text, size, "signal %d",
                 WIFSIGNALED(r->status) ? WTERMSIG(r->status) : r->signal);
        break;
    default:
        snprintf(text, size, "no answer");
    }
}

void ends_reason(const struct rx_result *r, struct names *n, char *text,
                 size_t size)
{
    const char *where = names_where(n, r->what_pc);

    switch (r->end) {
    case RX_END_UNSUPPORTED:
        snprintf(text, size, "unsupported: %s, at %s", r->what, where);
        break;
    case RX_END_BUSY:
        snprintf(text, size,
                 "uninstrumented: a loop with no visible access, at %s", where);
        break;
    case RX_END_BLOCKED:
        snprintf(text, size, "unsupported: %s, in which %s waits in the kernel",
                 r->what, names_thread(n, r->running));
        break;
    case RX_END_STEPS:
        snprintf(
            text, size,
            "step-limit: a run did not end within %u steps; then %s was at %s",
            r->npoints - 1, names_thread(n, r->running),
            names_where(n, r->thread[r->running].pc));
        break;
    case RX_END_TIMEOUT:
        snprintf(text, size, "budget: a run took longer than a run may take");
        break;
    default:
        snprintf(text, size,
                 "unsupported: a schedule could not be followed again");
    }
}

/*
 * ThreadSanitizer's options, compiled in: the environment cannot soften
 * them for a program that runs under rl-run, and a program that brings its
 * own __tsan_default_options does not link.
 */
#include "report.h"

/*
 * symbolize=0: names come from rl-tsan, after the run; clang's runtime would
 * start a process for each program otherwise. handle_*=0: a crash stays the
 * signal that it is. atexit_sleep_ms stays at its second: it lets a thread
 * that main did not wait for run into its race.
 */
RL_SEEN const char *__tsan_default_options(void)
{
    return "second_deadlock_stack=1 history_size=7 halt_on_error=0 "
           "enable_annotations=0 detect_deadlocks=1 report_thread_leaks=1 "
           "symbolize=0 exitcode=0 handle_segv=0 handle_sigbus=0 "
           "handle_sigfpe=0 handle_sigill=0 handle_abort=0";
}

RL_SEEN const char *__tsan_default_suppressions(void)
{
    return "";
}

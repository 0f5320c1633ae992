// Every way in which a run ends. What cannot be told afterwards is written
// down here; the process then ends at once, or as the program wanted it.
#include "raw.h"
#include "rt.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

enum { MAX_HANDLERS = 64, TICK_US = 100000, TICKS_WITHOUT_POINT = 12 };

_Noreturn void __real_exit(int code);
_Noreturn void __real__exit(int code);
_Noreturn void __real_abort(void);

// Of the program itself; the linker makes them.
extern void (*__fini_array_start[])(void) __attribute__((visibility("hidden")));
extern void (*__fini_array_end[])(void) __attribute__((visibility("hidden")));

static struct {
    void (*plain)(void);
    void (*with_code)(int, void *);
    void *arg;
} handlers[MAX_HANDLERS];
static int nhandlers;

static void say(enum rx_end end, const char *what, uintptr_t pc)
{
    struct rx_result *r = &rt_shm->result;

    r->end = end;
    r->what_pc = pc;
    if (what)
        snprintf(r->what, sizeof r->what, "%s", what);
}

_Noreturn void rt_stop(enum rx_end end)
{
    struct rx_result *r = &rt_shm->result;

    r->end = end;
    if (end != RX_END_ASLEEP)
        rt_debug_found(r->what_pc ? r->what_pc : r->thread[rt_self->id].pc);
    rt_on = false;
    // In a real standstill this stays in the buffer; here it shows how far
    // the program came.
    fflush(stdout);
    __real__exit(0);
}

_Noreturn void rt_fail(enum rx_end end, const char *what, uintptr_t pc)
{
    say(end, what, pc);
    rt_stop(end);
}

_Noreturn void rt_unsupported(const char *what, uintptr_t pc)
{
    if (!rt_shm || !rt_self) { // before main: no run can be made
        fprintf(stderr, "rl-explore: unsupported: %s\n", what);
        rt_too_early();
        __real__exit(1);
    }
    rt_fail(RX_END_UNSUPPORTED, what, pc);
}

// Handlers are the program's code and may wait and be watched: they run
// before the last step, not inside libc's exit.
static void run_handlers(int code)
{
    while (nhandlers > 0) {
        int i = --nhandlers;

        if (handlers[i].plain)
            handlers[i].plain();
        else
            handlers[i].with_code(code, handlers[i].arg);
    }
}

static void last_step(int code, uintptr_t pc)
{
    struct rl_step s = rl_step(RL_EXIT);
    struct rx_result *r = &rt_shm->result;
    struct rl_effect e;

    s.arg = code;
    rt_begin(&s, pc);
    for (unsigned i = 0; i < rt_world->nthreads; i++)
        if (i != rt_self->id && rl_choices(rt_world, i))
            r->cut |= RL_BIT(i);
    rt_debug_found(pc);
    rt_carry_out(pc, &e);
    r->exit_code = code;
    say(RX_END_EXIT, NULL, pc);
    rt_on = false;
}

// Does what libc's exit does, without looking through libraries that have
// nothing to do then: its pages are cold in every run.
static _Noreturn void end_process(int code)
{
    if (rt_foreign_libraries)
        __real_exit(code);
    // The first is the compiler's and only for shared libraries.
    for (void (**f)(void) = __fini_array_end; --f > __fini_array_start;)
        (*f)();
    fflush(NULL);
    __real__exit(code);
}

static _Noreturn void leave(int code, uintptr_t pc)
{
    if (rt_on) {
        if (nhandlers) // the others first, as before the last step
            rt_step(RL_YIELD, RL_NO_CLASS, NULL, 0, 0, 0, pc);
        run_handlers(code);
        last_step(code, pc);
    }
    end_process(code);
}

_Noreturn void rt_exit_with(int code)
{
    say(RX_END_EXIT, NULL, 0);
    rt_shm->result.exit_code = code;
    rt_on = false;
    run_handlers(code);
    end_process(code);
}

_Noreturn void rt_return_from_main(int code)
{
    leave(code, 0);
}

void __wrap_exit(int code);
void __wrap_exit(int code)
{
    leave(code, RT_CALLER);
}

static _Noreturn void leave_at_once(int code, uintptr_t pc)
{
    if (rt_on)
        last_step(code, pc);
    __real__exit(code);
}

void __wrap__exit(int code);
void __wrap__exit(int code)
{
    leave_at_once(code, RT_CALLER);
}

void __wrap__Exit(int code);
void __wrap__Exit(int code)
{
    leave_at_once(code, RT_CALLER);
}

void __wrap_quick_exit(int code);
void __wrap_quick_exit(int code)
{
    leave_at_once(code, RT_CALLER);
}

int __wrap_atexit(void (*f)(void));
int __wrap_atexit(void (*f)(void))
{
    if (nhandlers == MAX_HANDLERS)
        rt_unsupported("more than 64 atexit handlers", RT_CALLER);
    handlers[nhandlers].plain = f;
    handlers[nhandlers++].with_code = NULL;
    return 0;
}

int __wrap_on_exit(void (*f)(int, void *), void *arg);
int __wrap_on_exit(void (*f)(int, void *), void *arg)
{
    if (nhandlers == MAX_HANDLERS)
        rt_unsupported("more than 64 atexit handlers", RT_CALLER);
    handlers[nhandlers].plain = NULL;
    handlers[nhandlers].with_code = f;
    handlers[nhandlers++].arg = arg;
    return 0;
}

_Noreturn void __wrap_abort(void);
_Noreturn void __wrap_abort(void)
{
    if (rt_on)
        say(RX_END_CRASH, "abort", RT_CALLER);
    rt_on = false;
    __real_abort();
}

_Noreturn void __wrap___assert_fail(const char *expr, const char *file,
                                    unsigned line, const char *function);
_Noreturn void __wrap___assert_fail(const char *expr, const char *file,
                                    unsigned line, const char *function)
{
    if (rt_on)
        say(RX_END_ASSERT, expr, RT_CALLER);
    rt_on = false;
    fflush(stdout);
    fprintf(stderr, "%s:%u: %s: assertion `%s' failed\n", file, line, function,
            expr);
    __real_abort();
}

static uintptr_t pc_of(const void *context)
{
    const ucontext_t *u = context;

#if defined(__x86_64__)
    return (uintptr_t)u->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uintptr_t)u->uc_mcontext.pc;
#else
    (void)u;
    return 0;
#endif
}

// The faulting instruction runs again after this and then ends the process
// in the usual way, so the parent sees the signal.
static void on_crash(int sig, siginfo_t *info, void *context)
{
    struct rx_result *r = &rt_shm->result;

    if (!rt_on)
        return;
    rt_on = false;
    say(RX_END_CRASH, NULL, pc_of(context) + 1);
    r->signal = sig;
    r->fault_addr = (uintptr_t)info->si_addr;
    if (rt_self)
        r->running = rt_self->id;
}

static void on_tick(int sig, siginfo_t *info, void *context)
{
    static uint32_t seen, ticks;

    (void)sig, (void)info;
    if (rt_shm->progress != seen) {
        seen = rt_shm->progress;
        ticks = 0;
    } else if (++ticks >= TICKS_WITHOUT_POINT && rt_on) {
        say(RX_END_BUSY, NULL, pc_of(context) + 1);
        __real__exit(0);
    }
}

char rt_signal_stacks[RL_THREADS][16384] RT_FAR;

void rt_signal_stack(void)
{
    stack_t s = {.ss_sp = rt_signal_stacks[rt_self->id],
                 .ss_size = sizeof rt_signal_stacks[0]};

    raw_call(SYS_sigaltstack, (long)&s, 0, 0, 0, 0, 0);
}

void rt_watch_serve(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction sa;

    memset(&sa, 0, sizeof sa);
    sigemptyset(&sa.sa_mask);
    sa.sa_sigaction = on_crash;
    sa.sa_flags = SA_SIGINFO | SA_ONSTACK | (int)SA_RESETHAND;
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        sigaction(crashes[i], &sa, NULL);
    sa.sa_sigaction = on_tick;
    sa.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigaction(SIGPROF, &sa, NULL);
    rt_signal_stack();
}

// Counts the CPU time of the process, so a slow machine is no finding.
void rt_watch_begin(void)
{
    struct itimerval every = {{0, TICK_US}, {0, TICK_US}};

    raw_call(SYS_setitimer, ITIMER_PROF, (long)&every, 0, 0, 0, 0);
}

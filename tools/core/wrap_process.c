/*
 * The program's own end (a start and an end record must both be there, or it
 * has vanished), and timers, which can end what looks like a standstill.
 */
#include "recorder.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>

int __real_main(int, char **, char **);
_Noreturn void __real_exit(int);
_Noreturn void __real__exit(int);
_Noreturn void __real__Exit(int);
_Noreturn void __real_quick_exit(int);
unsigned __real_alarm(unsigned);
int __real_setitimer(int, const struct itimerval *, struct itimerval *);
int __real_timer_settime(timer_t, int, const struct itimerspec *,
                         struct itimerspec *);

static void at_end(int *returned)
{
    if (!*returned)
        rl_thread_ends();
}

/* pthread_exit in main unwinds through here: then main ends as a thread. */
int __wrap_main(int argc, char **argv, char **envp)
{
    __attribute__((cleanup(at_end))) int returned = 0;
    int code = __real_main(argc, argv, envp);

    returned = 1;
    rl_program_ends(RECORD_END_RETURN, code, 0);
    return code;
}

_Noreturn void __wrap_exit(int code)
{
    rl_program_ends(RECORD_END_EXIT, code, PC);
    __real_exit(code);
}

_Noreturn void __wrap_quick_exit(int code)
{
    rl_program_ends(RECORD_END_NOW, code, PC);
    __real_quick_exit(code);
}

_Noreturn void __wrap__exit(int code)
{
    rl_program_ends(RECORD_END_NOW, code, PC);
    __real__exit(code);
}

_Noreturn void __wrap__Exit(int code)
{
    rl_program_ends(RECORD_END_NOW, code, PC);
    __real__Exit(code);
}

static void note_timer(void)
{
    if (rl_record)
        atomic_store(&rl_record->timers, 1);
}

unsigned __wrap_alarm(unsigned seconds)
{
    note_timer();
    return __real_alarm(seconds);
}

int __wrap_setitimer(int which, const struct itimerval *new,
                     struct itimerval *old)
{
    note_timer();
    return __real_setitimer(which, new, old);
}

int __wrap_timer_settime(timer_t timer, int flags, const struct itimerspec *new,
                         struct itimerspec *old)
{
    note_timer();
    return __real_timer_settime(timer, flags, new, old);
}

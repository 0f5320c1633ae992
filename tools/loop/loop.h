/*
 * Inside of libloop.a: what the wrapped calls share. Linked into a program of
 * one thread that waits for events. Time is virtual: it stands still while
 * the program computes, and goes on where it sleeps or waits. A timer of the
 * program is an event counter that we fill when its time has come, so that
 * the kernel's own readiness, edges and one-shots are what the program sees.
 * Without LOOP_ENV every wrap passes on to the real call.
 */
#ifndef RL_LOOP_H
#define RL_LOOP_H

#include "log.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <time.h>

#define SECOND 1000000000ULL
#define NEVER UINT64_MAX

/* What the descriptors count from: the clocks at the start of the program. */
#define LOOP_MONOTONIC (1000 * SECOND)
#define LOOP_REALTIME (1700000000 * SECOND)

extern bool loop_on;

/* rt_log.c: the stack is that of the wrap's caller. */
void loop_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* With a stack after the words. */
void loop_say_stack(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
/* An address of the program, without its load base. */
uint64_t loop_relative(uint64_t address);
/* Ends the program, which did what is not modelled. */
_Noreturn void loop_unsupported(const char *what);

/* rt_clock.c */
uint64_t loop_now(void);
/* A handler's call keeps the loop until then. */
void loop_sleep_until(uint64_t until, const char *call);
/* The loop itself waits until then. */
void loop_wait_until(uint64_t until);
/* The program asked in vain. Where it does so all the time, time goes on. */
void loop_spin(void);
void loop_spins_end(void);
/* Absolute times of a clock in virtual time, or NEVER for other clocks. */
uint64_t loop_from_clock(clockid_t clock, const struct timespec *t);
bool loop_clock_base(clockid_t clock, uint64_t *base);
uint64_t loop_ns(const struct timespec *t);
struct timespec loop_timespec(uint64_t ns);

/* rt_timer.c */
/* When the next timer fires, or NEVER. */
uint64_t loop_next_timer(void);
/* Fires all whose time has come, the earliest first. */
void loop_fire(void);
/* The number of fd's timer, from 1; 0 if it is none. */
int loop_timer_number(int fd);
/* Since when a timer has been ready; the time now for anything else. */
uint64_t loop_ready_since(int fd);

/* rt_watch.c: what the program waits for, and who keeps it waiting. */
enum { POLLED = -1 }; /* the set of the last call of poll or select */
struct loop_entry {
    int set; /* epoll descriptor, or POLLED */
    int fd;
    uint32_t events;
    uint64_t data; /* the program's; the kernel is given fd instead */
    uintptr_t pc;  /* where it was registered */
    bool off;      /* one-shot, and delivered */
};
struct loop_entry *loop_entry(int set, int fd); /* NULL: none */
/* The loop waits on a set: the handlers' time is over. */
void loop_waits(int set);
/* The last event has been handled. */
void loop_handled(void);
void loop_poll_set(const struct pollfd *fds, nfds_t n, uintptr_t pc);
void loop_delivered(int set, int fd);
/* The program makes a call about fd, or -1: the handler of an event that was
 * delivered is here. */
void loop_handles(int fd);
/* In a handler, time went from one to the other. */
void loop_kept(uint64_t from, uint64_t to, const char *call);
/* Is a wait on this set one that a handler makes, beside the loop's own? */
bool loop_nested(int set);
/* fd is closed. */
void loop_forget(int fd);

/* rt_enter.c: the function that has handled the last event, or 0; asked at a
 * wait. loop_called: it makes a call. */
uintptr_t loop_handler(void);
void loop_called(void);

/* rt_wait.c: an event that was not delivered yet never will be. */
void loop_pending_drop(int set, int fd);

/* rt_choice.c */
void loop_choices(const char *text); /* LOOP_ENV's, once */
/* One of places, all of which are possible. */
int loop_choose(int places);
bool loop_together(void);

/* The code that called the wrap. */
#define PC ((uintptr_t)__builtin_return_address(0))

#endif

/*
 * What a judge and the first process of its box say to each other: one
 * packet a message over a socket pair that no program in the box has.
 */
#ifndef RL_WIRE_H
#define RL_WIRE_H

#include "confine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { WIRE_FD = 3, WIRE_TEXT = 100 << 10 };

enum wire_type {
    WIRE_HELLO,    /* from the first process: it stands */
    WIRE_START,    /* limits, strings, descriptors */
    WIRE_SELF,     /* from the program's process, for its pid */
    WIRE_STARTED,  /* exec was right */
    WIRE_FAILED,   /* value: errno */
    WIRE_ENDED,    /* value: status, cpu_ms */
    WIRE_SIGNAL,   /* value: to be sent to all */
    WIRE_FINISH,   /* end all */
    WIRE_FINISHED, /* value: how many there were; cpu_ms of all */
};

struct wire {
    int32_t type, value;
    int64_t cpu_ms;
    int32_t scratch;     /* MiB */
    int32_t fixed;       /* addresses */
    int32_t tmp_is_read; /* folders of ours lie below /tmp: leave it alone */
    struct confine_limits limits;
    uint32_t nargs, nenv, nfds;
    int32_t numbers[CONFINE_FDS];
    uint32_t used;
    char text[WIRE_TEXT]; /* arguments, then environment, a NUL after each */
};

/* With m->nfds descriptors. False with errno. */
bool wire_send(int socket, const struct wire *m, const int *fds);
/* False with errno, or 0: the other side is gone. *sender: its pid as we see
 * it, where the socket is asked to tell, else -1. wait: for a message;
 * otherwise errno is EAGAIN where there is none. */
bool wire_receive(int socket, struct wire *m, int fds[CONFINE_FDS],
                  pid_t *sender, bool wait);
/* Appends a string. False: no room. */
bool wire_add(struct wire *m, const char *string);

#endif

/*
 * What a process that is about to become somebody's program does to itself:
 * limits, privileges, system calls, descriptors. All of it survives exec and
 * none of it can be undone. The same inside namespaces and without them.
 */
#ifndef RL_CONFINE_H
#define RL_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* 0 in a field: as it is. */
struct confine_limits {
    int64_t cpu;     /* seconds a process */
    int64_t file;    /* MiB, the largest file */
    int64_t tasks;   /* processes and threads of the user */
    int64_t data;    /* MiB of memory that can be written */
    int64_t address; /* MiB of address space; a sanitizer needs terabytes */
};

enum {
    CONFINE_FDS = 8,
    CONFINE_PRIVILEGES = 1, /* no new ones, none kept, calls filtered */
    CONFINE_ORPHAN = 2,     /* dies with its parent, adopts its orphans */
    CONFINE_FIXED = 4,      /* fixed addresses where the system allows it */
};

struct confine_job {
    struct confine_limits limits;
    char **argv, **env;
    int fds[CONFINE_FDS];     /* ours */
    int numbers[CONFINE_FDS]; /* what the program knows them as */
    size_t nfds;
    int flags;
    uid_t user;              /* to become; (uid_t)-1: stays */
    const char *folder;      /* to start in; NULL: stays */
    bool (*prepare)(void *); /* before privileges go; NULL: nothing */
    void *prepare_arg;
};

/* In a child; becomes argv or writes an errno to report and ends. */
_Noreturn void confine_become(const struct confine_job *j, int report);

/* No groups, user and group USER. False with errno. */
bool confine_user(uid_t user);
/* No capability left, no new privileges. False with errno. */
bool confine_drop(void);

/* Be the one that the kernel ends first when memory is short. */
void confine_offer(void);

#endif

/*
 * A box: where somebody else's programs are compiled and run. Judges stay
 * outside and start one program after another in it; each begins with an
 * empty folder and is ended with all that it started.
 *
 * What holds it is a level. Namespaces: bubblewrap with its own processes,
 * network, mounts, IPC and host name; it sees /usr, a few files of /etc and
 * what it was given, and is of no user of this machine's. Privileges: no
 * namespaces, but a user of its own (where we are root), no privileges and
 * limits. Limits: those alone. Off: not even those.
 */
#ifndef RL_BOX_H
#define RL_BOX_H

#include "confine.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum box_level { BOX_OFF, BOX_LIMITS, BOX_PRIVILEGES, BOX_NAMESPACES };

enum { BOX_FILES = 128, BOX_PATH = 4096 };

/* A file of ours and what it is called in the box: "/unit/program". */
struct box_file {
    const char *from, *to;
};

struct box_options {
    struct box_file files[BOX_FILES];
    size_t nfiles;
    const char *folders[BOX_FILES]; /* to be read under their own names */
    size_t nfolders;
    bool outside; /* off: for a debugger, which must see its pids */
    int scratch;  /* MiB that a program may write to files; 0: the usual */
};

struct box_job {
    char **argv, **env;
    int fds[CONFINE_FDS]; /* they and no others are open, as numbers[] */
    int numbers[CONFINE_FDS];
    size_t nfds;
    struct confine_limits limits;
    bool fixed; /* fixed addresses where the system allows it */
};

struct box_end {
    int status; /* as waitpid gives it */
    long cpu_ms;
};

struct box;

/* The level asked for by RL_SANDBOX_LEVEL, else the best that works here.
 * RL_SANDBOX=off asks for off; with RL_SANDBOX=require nothing below
 * namespaces will do. -1: then why says it in one line. Otherwise, where it
 * is not namespaces, why says what is missing. */
int box_level(char *why, size_t size);
const char *box_level_name(enum box_level level);

/* NULL on failure: then why says it in one line. */
struct box *box_open(const struct box_options *o, char *why, size_t size);
/* Ends what runs in it. NULL is fine. */
void box_close(struct box *b);
enum box_level box_is(const struct box *b);

/* What a program in the box calls a path such as "/unit/program". */
char *box_path(const struct box *b, const char *path, char buffer[BOX_PATH]);
/* The folder where programs start, as a descriptor; it is box_close's. -1 if
 * it cannot be seen from here; ask while a program runs. */
int box_scratch(struct box *b);

/* Starts a program, when none runs. Its pid as we see it, or -1 with *error an
 * errno; EPIPE: the box itself is gone. */
pid_t box_start(struct box *b, const struct box_job *job, int *error);
/* Readable when the program may have ended; -1: there is none, poll by time. */
int box_event(const struct box *b);
/* Has the program ended? Never waits. */
bool box_ended(struct box *b, struct box_end *end);
/* A signal for everything that runs in the box. */
void box_signal(struct box *b, int signal);
/* Ends everything in the box, and says how many processes that were. *cpu_ms:
 * what they have used, if more than box_ended told. */
int box_finish(struct box *b, long *cpu_ms);
/* All that runs in the box is below this process. */
pid_t box_top(const struct box *b);

#endif

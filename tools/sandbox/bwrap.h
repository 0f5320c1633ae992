/*
 * Bubblewrap with rl-inside as its first process.
 */
#ifndef RL_BWRAP_H
#define RL_BWRAP_H

#include "box.h"

/* Its pid, or -1 with errno; ENOENT: a file of o, or bubblewrap itself, is
 * not there. inside: the file of rl-inside, which talks over socket. words
 * gets what bubblewrap complains of. user: to become; (uid_t)-1: stays. */
pid_t bwrap_start(const struct box_options *o, const char *inside, uid_t user,
                  int socket, int words);

#endif

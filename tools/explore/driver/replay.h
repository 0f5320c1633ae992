/*
 * One interleaving again, from its token.
 */
#ifndef RX_REPLAY_H
#define RX_REPLAY_H

#include "plan.h"

#include <stdio.h>

/* Follows the token and judges the run. With `story` it is made as short as
 * it can be (the fewest switches that still show the same) and written there
 * as an interleaving object for rl-draw. A token that cannot be followed is
 * a reason in the report. False when the server died. */
bool replay_run(const struct plan *p, const char *token, FILE *story,
                struct judge *j, struct report *r);
/* The same in gdb, as short as it can be. Returns the exit code; a token that
 * cannot be followed is a sentence on stderr, and 4. */
int replay_gdb(const struct plan *p, const char *token, const char *sources,
               struct judge *j);

#endif

/*
 * What ends a search before its own end: Ctrl-C and the time that was given.
 * And, on the side, how far a search is.
 */
#ifndef RX_LIMITS_H
#define RX_LIMITS_H

#include <stdint.h>

/* seconds 0: no limit. From now on Ctrl-C only asks for an end; a second one
 * ends the process. Progress is written to descriptor `progress`, -1: not. */
void limits_begin(int seconds, int progress);

/* Why the search is to end now, for a sentence; NULL: it may go on. */
const char *limits_reached(void);

/* `count` of `what` are done, about the part `done` (0 to 1) of all; at most
 * a few times a second. */
void limits_progress(uint64_t count, const char *what, double done);
/* The line of progress goes. */
void limits_end(void);

#endif

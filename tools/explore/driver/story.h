/*
 * An interleaving as a story: who did what, and why another went on.
 */
#ifndef RX_STORY_H
#define RX_STORY_H

#include "judge.h"

#include <stdio.h>

/* Runs the interleaving of the last run again, noting what threads read and
 * write in common, and prints the object that tools/draw reads. False when
 * the server died. */
bool story_tell(struct judge *j, FILE *out);

#endif

/*
 * Makes an interleaving easy to read: as few switches as still show the same
 * finding.
 */
#ifndef RX_SHORTEN_H
#define RX_SHORTEN_H

#include "judge.h"

/* The last run, which showed `f`, is replaced by one with at most as many
 * switches that shows it too. Deterministic. False when the server died. */
bool shorten(struct judge *j, const struct finding *f);

#endif

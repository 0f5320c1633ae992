/*
 * Does the program print the same in every run?
 */
#ifndef RX_VARIES_H
#define RX_VARIES_H

#include "plan.h"

/* If not, that is a finding in the bag: an error where it must be the same,
 * else a note. Only runs that came to their own end are compared. */
void varies_judge(const struct report *r, struct judge *j, bool must);

#endif

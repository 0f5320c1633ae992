/*
 * Is the program the same when its schedule is? What chance outside of the
 * runtime decides (true random numbers, the machine) is not explored, and
 * nothing that is said of such a program can be relied on.
 */
#ifndef RX_STEADY_H
#define RX_STEADY_H

#include "judge.h"

/* Runs the job that is in shm->job twice and, where the two differ, puts a
 * finding into the bag. The second run stays the last one. False when the
 * server died. */
bool steady(struct judge *j, bool *differs);

#endif

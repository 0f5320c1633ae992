/*
 * A run in gdb, with the schedule held: whatever is done there, the threads
 * take turns as in the interleaving.
 */
#ifndef RX_GDB_H
#define RX_GDB_H

#include "judge.h"

/* The last run again, which showed `f` (NULL: nothing). gdb has the terminal;
 * it stops before the thread that was set aside last goes on, where the
 * runtime finds something, and before the end. Returns the exit code. */
int gdb_run(struct judge *j, const struct finding *f, const char *sources);

#endif

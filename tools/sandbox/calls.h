/*
 * The system calls that no lab needs and that reach other processes, the
 * kernel's configuration, or memory that no limit counts.
 */
#ifndef RL_CALLS_H
#define RL_CALLS_H

#include <stdbool.h>

/* Needs "no new privileges". False with errno; true, and nothing done, where
 * the kernel has no filters or the processor is one we do not know. */
bool calls_filter(void);

#endif

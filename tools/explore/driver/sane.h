/*
 * The shared memory is written by somebody's program: whatever is used there
 * as a number of something is checked before it is.
 */
#ifndef RX_SANE_H
#define RX_SANE_H

#include "../rt/proto.h"

#include <stdbool.h>

/* After a run. A run that left nonsense becomes a crash, and says so. */
void sane_make(struct rx_shm *shm);
/* A run that took the server with it, likewise. */
void sane_lost(struct rx_shm *shm);

#endif

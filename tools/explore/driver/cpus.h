/*
 * Which processors the servers are pinned to.
 */
#ifndef RX_CPUS_H
#define RX_CPUS_H

#include <sched.h>

/* Fills in n processors; -1: it is not known which there are. First those
 * that no other rl-explore of this machine has taken, which are ours until we
 * end, and of them first the one that we are on; none comes twice before all
 * have come. */
void cpus_take(int *cpus, unsigned n);

/* Pins this process to `cpu`, unless that is negative; where it might run
 * before is kept for cpus_give_back. All this is only a matter of speed. */
void cpus_pin(int cpu, cpu_set_t *before);
void cpus_give_back(const cpu_set_t *before);

#endif

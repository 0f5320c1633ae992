/*
 * Which processor a server is pinned to.
 */
#ifndef RX_CPUS_H
#define RX_CPUS_H

/* A processor that no other rl-explore of this machine has taken, best the
 * one we are on; any, if all are taken. It is ours until we end. */
int cpus_take(void);

#endif

/*
 * The processes below one, from /proc.
 */
#ifndef RL_TREE_H
#define RL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct tree {
    pid_t *pids;
    size_t n, room;
    size_t tasks;            /* threads of all of them */
    long cpu_ms, memory_kib; /* summed; the ended children of each included */
};

/* All processes below top, which itself is not among them. False if /proc
 * cannot be read; then only root is in it. */
bool tree_scan(struct tree *t, pid_t top, pid_t root);
void tree_free(struct tree *t);
/* CPU time of the ended children of one process. */
long tree_ended_ms(pid_t pid);
/* The first living child of a process, or -1. */
pid_t tree_child(pid_t parent);
/* Kills everything below top, and what is below this process is reaped.
 * Returns how many were killed; adds the CPU time of the reaped to *cpu_ms. */
int tree_kill(pid_t top, pid_t root, long *cpu_ms);

#endif

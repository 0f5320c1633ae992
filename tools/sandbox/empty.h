/*
 * Emptying a folder that a hostile program had for itself.
 */
#ifndef RL_EMPTY_H
#define RL_EMPTY_H

/* Removes all that is in the folder, however deep, whatever its rights; what
 * cannot be removed stays. Follows no link. */
void empty_folder(int fd);

#endif

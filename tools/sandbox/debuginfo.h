/* Where the system keeps the debug information of libc. */
#ifndef RL_DEBUGINFO_H
#define RL_DEBUGINFO_H

#include <stdbool.h>
#include <stddef.h>

/* The file of the libc that this program runs with, found by its build id,
 * as gdb finds it (gdb's manual, "Debugging Information in Separate Files").
 * False: there is none. */
bool libc_debug_file(char *path, size_t size);

#endif

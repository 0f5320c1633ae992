/*
 * Names for addresses of one ELF binary, from its DWARF (versions 4 and 5,
 * gcc and clang) and, where there is none, from its symbol table.
 *
 * Every address here is relative to the load base: run-time address minus
 * dlpi_addr of dl_iterate_phdr (the base of a PIE; 0 for a fixed binary).
 * The strings handed out live until symbols_close.
 */
#ifndef RL_SYMBOLS_H
#define RL_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

struct symbols_place {
    const char *file;     /* as compiled (may have a directory), or NULL */
    int line;             /* 0: unknown */
    int column;           /* 0: unknown */
    const char *function; /* innermost, inlined ones too; or NULL */
};

/* NULL on failure, with a sentence in error (size bytes). A binary without
 * debug information opens: it then knows only its symbol table. */
struct symbols *symbols_open(const char *binary, char *error, size_t size);
void symbols_close(struct symbols *s); /* NULL is fine */

/* The source line of pc. For a return address pass it minus 1, or the line
 * after the call may be named. False, and a zeroed place, when nothing is
 * known about pc. */
bool symbols_place(struct symbols *s, uint64_t pc, struct symbols_place *p);

/* If pc lies in an inlined function: where that was called. False if not. */
bool symbols_inlined_at(struct symbols *s, uint64_t pc,
                        struct symbols_place *p);

/* Name of the variable with static storage (globals, static locals) that
 * address lies in, with index and member: "accounts[1].lock". A pthread,
 * semaphore or C11 thread object is not looked into. False, and "" in name,
 * when there is none. */
bool symbols_object(struct symbols *s, uint64_t address, char *name,
                    size_t size);

/* Address range [*low, *high) of the function called name; false if there is
 * none. high is 0 if it is not contiguous or unknown. */
bool symbols_function(struct symbols *s, const char *name, uint64_t *low,
                      uint64_t *high);

/* Base name of a path, for messages; NULL stays NULL. */
const char *symbols_base(const char *path);

#endif

// Which names of a program the explorer knows nothing of.
//
// Every undefined symbol of a binary of the explore flavour must be wrapped by
// libexplore.a or be harmless by the table in ../rt/libc_table.c. What the
// runtime itself calls is wrapped or harmless too, so a name that is neither
// comes from the program. Libraries other than libc's own are not instrumented:
// what the program calls in them is in no row, and one that uses threads is
// named itself.
#ifndef RL_EXPLORE_UNSUPPORTED_H
#define RL_EXPLORE_UNSUPPORTED_H

// Called for each name that is unsupported, with the reason as a clause
// ("is not modelled").
typedef void unsupported_say(void *ctx, const char *name, const char *why);

// Looks at `binary`; `wraps` is the linker's list build/lib/explore.wraps.
// The number of names said, or -1 when a file cannot be read (errno tells, 0
// when it is no ELF program).
int unsupported_names(const char *binary, const char *wraps,
                      unsupported_say *say, void *ctx);

#endif

// What functions of libc do to the program's memory, told as plain accesses.
//
// libc is not instrumented. For each of its functions that a program may call
// there is one of these: a wrapper that models it (elsewhere in rt/), a wrapper
// in libc_*.c that checks what its arguments name, a row in libc_table.c that
// calls it harmless, or a refusal by name. Extents are those of the standard's
// words: strchr reads up to what it finds. What a call is known to touch is
// checked before it; what depends on its result, right after it, before any
// other thread runs.
#ifndef RL_LIBC_H
#define RL_LIBC_H

#include "rt.h"

#include <stdarg.h>

void libc_reads(const void *p, size_t n, uintptr_t pc);
void libc_writes(void *p, size_t n, uintptr_t pc);
void libc_reads_string(const char *s, uintptr_t pc); // with its end

// The same after the call: these keep errno.
void libc_has_read(const void *p, size_t n, uintptr_t pc);
void libc_has_written(void *p, size_t n, uintptr_t pc);
void libc_has_read_string(const char *s, uintptr_t pc);

// What a printf-like call reads: the format, the strings that it names, and
// what %n writes. Does not move `args`.
void libc_format(const char *format, va_list args, uintptr_t pc);

// What a scanf-like call wrote, after it returned `filled`. Likewise.
void libc_scanned(const char *format, va_list args, int filled, uintptr_t pc);

// A step that takes from or changes a stream, by its descriptor, or the file
// system at large.
void libc_input(int fd, uintptr_t pc);
void libc_files(uintptr_t pc);

// A piece of hidden state, one byte each; a race on it is told by its name.
// What to say of it is in libc_table.h, found by the symbol.
#define LIBC_STATE(name) extern char libc_state_##name;
LIBC_STATE(rand)
LIBC_STATE(drand48)
LIBC_STATE(strtok)
LIBC_STATE(localtime)
LIBC_STATE(asctime)
LIBC_STATE(environment)
LIBC_STATE(getopt)
LIBC_STATE(locale)
LIBC_STATE(signgam)
LIBC_STATE(inet_ntoa)

// Begins a wrapper; the compiler compares its prototype with the function's.
#define LIBC_WRAP(type, name)                                                  \
    __typeof__(name) __real_##name, __wrap_##name;                             \
    type __wrap_##name

#endif

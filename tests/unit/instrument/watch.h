// What a snippet does to the shared memory, and where the compiler said so.
#ifndef INSTRUMENT_WATCH_H
#define INSTRUMENT_WATCH_H

#include <stdbool.h>
#include <stddef.h>

// Each is one line of the output when no hook covers all its bytes.
void must_read(const void *p, size_t size);
void must_write(const void *p, size_t size);

// Between the two, hooks are noted.
void watch_begin(void);
void watch_end(const char *name);

#endif

/*
 * Names for what a run is about: places in the source, threads, locks and
 * variables. Strings stay valid until names_close.
 */
#ifndef RX_NAMES_H
#define RX_NAMES_H

#include "../../core/symbols.h"
#include "server.h"

#include <jansson.h>

struct names;

/* NULL, with a sentence on stderr. */
struct names *names_open(const char *binary, struct server *s);
void names_close(struct names *n);

/* Another server of the same program: from now on its last run is meant. */
void names_use(struct names *n, struct server *s);

/* A return address of the program. */
struct symbols_place names_place(struct names *n, uint64_t pc);
/* "file.c:12", or "an unknown place". */
const char *names_where(struct names *n, uint64_t pc);

/* A thread's start function, "main" for thread 0. */
const char *names_role(struct names *n, unsigned thread);
/* "thread 2 (worker)" or "main". */
const char *names_thread(struct names *n, unsigned thread);

/* Line `line` of a source, without its indent, if --sources named a folder
 * that has the file; else null. */
json_t *names_source(struct names *n, const char *file, int line);
/* All lines of it with their indents, or null. */
json_t *names_lines(struct names *n, const char *file);
void names_sources(struct names *n, const char *folder);

/* Where a function lies; false when there is none of that name. */
bool names_function(struct names *n, const char *name, uint64_t *low,
                    uint64_t *high);

/* A lock, condition, ... of the last run. */
/* The same by the model's name of it. */
const char *names_key(struct names *n, enum rl_class class, uint64_t key);
const char *names_object(struct names *n, uint32_t object);
/* The variable at an address. alloc_pc as in rx_finding. */
const char *names_variable(struct names *n, uint64_t addr, uint64_t alloc_pc,
                           uint64_t offset);

#endif

/*
 * The symbols that a set of object files needs from outside and those that
 * it defines for all to see.
 */
#ifndef RL_SCAN_OBJECTS_H
#define RL_SCAN_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

struct symbol_set {
    char **names; /* sorted, each once, after symbol_sets_settle */
    size_t count, room;
};

struct symbol_sets {
    struct symbol_set needs, defines;
    bool early; /* code that runs before any constructor */
};

/* Adds the symbols of one object file; false if it cannot be read. */
bool symbol_sets_read(struct symbol_sets *sets, const char *path);
/* After the last file: what the files define for one another is no need. */
void symbol_sets_settle(struct symbol_sets *sets);
bool symbol_set_has(const struct symbol_set *set, const char *name);
void symbol_sets_free(struct symbol_sets *sets);

#endif

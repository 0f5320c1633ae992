/*
 * A replay token: one word that says which interleaving of which program.
 *
 *   x4-g1f2e3d4c-0a1b-2c3d-1100-a4b2ca.2
 *
 * version; family of the compiler and hash of the program; hash of its
 * arguments; of its input; whether plain accesses are points (1) and freed
 * memory is given out again (2), and the budgets for early timers, spurious
 * wakeups and weak compare-exchanges; the moves: a letter a thread (a is main),
 * how often in a row, and after a dot a choice that is not the usual one.
 */
#ifndef RX_TOKEN_H
#define RX_TOKEN_H

#include "server.h"

/* What a token is bound to. */
struct token_id {
    char family; /* g gcc, c clang, x unknown */
    uint32_t program;
    uint16_t args, input;
};

/* `text` says what the program is, "gcc-..." or "clang-..."; NULL: the bytes
 * of the binary. input: a file, or NULL. */
struct token_id token_identify(const char *text, const char *binary,
                               char **args, const char *input);

/* Of the last run; free() it. */
char *token_of(struct server *s, struct token_id id);

/* Reads a token into the server's job and prefix. NULL, or why it cannot be
 * followed. */
const char *token_read(struct server *s, struct token_id id, const char *token);

#endif

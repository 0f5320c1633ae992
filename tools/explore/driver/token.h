/*
 * A replay token: one word that says which interleaving of which program.
 *
 *   x3-1f2e3d4c-1100-a4b2ca.2
 *
 * version; hash of program, arguments and input; whether plain accesses are
 * points and the budgets for early timers, spurious wakeups and weak
 * compare-exchanges; the moves: a letter a thread (a is main), how often in
 * a row, and after a dot a choice that is not the usual one.
 */
#ifndef RX_TOKEN_H
#define RX_TOKEN_H

#include "server.h"

/* Of the last run; free() it. */
char *token_of(struct server *s, uint32_t id);

/* Reads a token into the server's job and prefix. NULL, or why it cannot be
 * followed. */
const char *token_read(struct server *s, uint32_t id, const char *token);

/* FNV-1a over what makes a program the same: start with token_begin(). */
uint32_t token_begin(void);
uint32_t token_mix(uint32_t hash, const void *bytes, size_t n);
uint32_t token_mix_file(uint32_t hash, const char *file);

#endif

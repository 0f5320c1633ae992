/*
 * Steps in words, for people.
 */
#ifndef RX_WORDS_H
#define RX_WORDS_H

#include "names.h"

/* "locks a", "reads count = 3", "creates thread 2 (work)" */
void words_step(struct names *n, const struct rx_event *e, char *text,
                size_t size);
/* The value that an access read or wrote; "" if it is too big for one. */
void words_value(const struct rx_event *e, char *text, size_t size);
/* "waits for a": what follows the name of a blocked thread. */
void words_wait(struct names *n, const struct rl_step *s, char *text,
                size_t size);
/* What the step is about: a lock, a thread, a variable. */
const char *words_object(struct names *n, const struct rl_step *s);
const char *words_end(const struct rx_result *r);

#endif

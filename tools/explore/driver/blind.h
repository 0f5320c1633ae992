/*
 * What cannot be seen of a program: names that nobody models, and accesses
 * that the compiler did not announce. Both are read from its binary.
 */
#ifndef RX_BLIND_H
#define RX_BLIND_H

#include "plan.h"

/* False when the program calls what is not modelled: then r has no answer,
 * with the names in its reason. */
bool blind_names_ok(const char *binary, struct report *r);

/* False when a proof would leave accesses out: the first place is in reason.
 * Those to a function's own stack count only if a thread has touched the
 * stack of another. */
bool blind_places_ok(const char *binary, bool stacks_met, char *reason,
                     size_t size);

#endif

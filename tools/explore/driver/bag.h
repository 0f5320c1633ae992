/*
 * Findings over many runs. The same kind, variable or lock, and places make
 * one finding, however many runs show it; the first keeps its words. Order:
 * that of the first showing.
 */
#ifndef RX_BAG_H
#define RX_BAG_H

#include "../../core/finding.h"

#include <stdbool.h>
#include <stdint.h>

struct bag;

struct bag *bag_new(void);
void bag_free(struct bag *b);

/* Takes the finding over. `run` counts from 1: once a run at most. Gives it
 * back, still the bag's, if it is new. */
struct finding *bag_put(struct bag *b, struct finding *f, int run);
bool bag_has_error(const struct bag *b);
/* Prints every finding as a line, "of" being the runs made. */
void bag_print(const struct bag *b, FILE *out, int runs);
/* Moves everything from `other`, which was filled by one run. */
void bag_merge(struct bag *b, struct bag *other, int run);
/* The same for equal contents. */
uint64_t bag_hash(const struct bag *b);
/* The same lines as a JSON array. */
json_t *bag_json(const struct bag *b, int runs);
/* Is there one that counts as the same as f? */
bool bag_has(const struct bag *b, const struct finding *f);
/* The first error, or the first note, or NULL. */
const struct finding *bag_first(const struct bag *b);
size_t bag_count(const struct bag *b);

#endif

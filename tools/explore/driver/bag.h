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

/* Takes the finding over. `run` counts from 1: once a run at most; `racy`:
 * that run holds a race, too. Gives it back, still the bag's, if it is new. */
struct finding *bag_put(struct bag *b, struct finding *f, int run, bool racy);
bool bag_has_error(const struct bag *b);
/* An error of this kind? */
bool bag_has_kind(const struct bag *b, const char *kind);
/* Prints every finding as a line, errors first, "of" being the runs made. */
void bag_print(const struct bag *b, FILE *out, int runs);
/* Moves everything from `other`, which was filled by one run. */
void bag_merge(struct bag *b, struct bag *other, int run);
/* The same for equal contents. */
uint64_t bag_hash(const struct bag *b);
/* Is there one that counts as the same as f? */
bool bag_has(const struct bag *b, const struct finding *f);
/* The first error, exit codes last, or the first note, or NULL. */
const struct finding *bag_first(const struct bag *b);
size_t bag_count(const struct bag *b);

/* The n-th, 0 <= n < bag_count, with how often it was seen in it. */
struct finding *bag_at(const struct bag *b, size_t n);
/* It was never seen but in runs that hold a race. */
bool bag_only_racy(const struct bag *b, size_t n);
/* The one that counts as the same as f is taken out of the bag; NULL if there
 * is none. */
struct finding *bag_take(struct bag *b, const struct finding *f);
/* Another wording of the n-th, which the bag takes over. */
void bag_reword(struct bag *b, size_t n, struct finding *f);

#endif

/*
 * One report of ThreadSanitizer, as numbers, into one finding with names.
 * Pure: no input or output.
 */
#ifndef RL_TSAN_REPORTS_H
#define RL_TSAN_REPORTS_H

#include "../core/finding.h"
#include "../core/symbols.h"

#include <jansson.h>

/* A new finding, or NULL if the report lacks what its kind needs. */
struct finding *tsan_finding(struct symbols *symbols, const json_t *report);

#endif

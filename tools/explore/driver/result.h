/*
 * Everything about a search in one JSON object: see
 * tools/explore/result.schema.json.
 */
#ifndef RX_RESULT_H
#define RX_RESULT_H

#include "plan.h"

/* "bug", "unsupported", "bounded" or "clean"; the first that applies. */
const char *result_verdict(const struct report *r, const struct bag *b,
                           bool proof);
/* The object; NULL when the server died. j->bag holds the findings. */
json_t *result_json(struct report *r, struct judge *j, bool proof);
/* [{"count":..., ...}], most frequent first. With replay tokens if `tokens`. */
json_t *result_outcomes(struct report *r, bool tokens);

#endif

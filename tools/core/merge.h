/*
 * The findings of many runs as few: those that say the same are one, with
 * "seen" and "of". Pure; used by rl-runs.
 */
#ifndef RL_MERGE_H
#define RL_MERGE_H

#include <jansson.h>

/* runs: an array with one array of findings for each run. A new array: errors
 * first, then what was seen most often, then what came first. */
json_t *merge_runs(const json_t *runs);

/* In how many runs there is a finding of severity "error". */
int merge_bad(const json_t *runs);

/* How often each outcome came: outcomes is an array of {end, stdout}; a new
 * array of {count, end, stdout}, the most frequent first. */
json_t *merge_outcomes(const json_t *outcomes);

#endif

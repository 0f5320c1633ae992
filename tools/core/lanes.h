/*
 * The record's times as lanes that rl-timeline draws.
 */
#ifndef RL_LANES_H
#define RL_LANES_H

#include "run.h"

/* The events of a run that has ended (tools/timeline/timeline.schema.json),
 * an array; empty if no times were recorded. */
json_t *lanes_events(const struct run_options *o,
                     const struct run_result *result);

#endif

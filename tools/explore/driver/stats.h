/*
 * What a search took, for those who measure it.
 */
#ifndef RX_STATS_H
#define RX_STATS_H

#include "server.h"

#include <stdio.h>

void stats_begin(void);

/* One object on one line: "runs" of the program, "seconds" since the begin,
 * "points", "handovers" of the token, and "threads" of the last run. */
void stats_print(struct server **servers, unsigned n, FILE *out);

#endif

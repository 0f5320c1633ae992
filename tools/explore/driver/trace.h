/*
 * The steps of the last run in words, one a line.
 */
#ifndef RX_TRACE_H
#define RX_TRACE_H

#include "names.h"

#include <stdio.h>

void trace_print(struct server *s, struct names *n, FILE *out);

#endif

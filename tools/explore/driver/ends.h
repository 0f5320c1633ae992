/*
 * The ends of runs, in words.
 */
#ifndef RX_ENDS_H
#define RX_ENDS_H

#include "names.h"

/* Can the run be judged, or did it end for a reason of ours? */
bool ends_verdict(const struct rx_result *r);
/* "exit 0", "standstill", "signal 11", ... */
void ends_words(const struct rx_result *r, char *text, size_t size);
/* Why it cannot be judged, with the place. */
void ends_reason(const struct rx_result *r, struct names *n, char *text,
                 size_t size);

#endif

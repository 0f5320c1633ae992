/*
 * The floor that the explorer stands on: what one schedule costs when nothing
 * is decided, checked or recorded.
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

/* Seconds that `runs` runs take, one after the other: fork, as many threads
 * beside main, as many hand-overs of one token among them all, exit, wait.
 * The token is handed on as the runtime does it: a word and a futex a thread.
 * Negative when a run did not end as it should. */
double bare_seconds(unsigned threads, unsigned handovers, unsigned runs);

#endif

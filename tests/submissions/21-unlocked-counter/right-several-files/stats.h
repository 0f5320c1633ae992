/* The statistics of the web server; any thread may call count_hit. */
#ifndef STATS_H
#define STATS_H

struct stats {
    long hits;
    long bytes;
};

void count_hit(int bytes);
struct stats stats_total(void);

#endif

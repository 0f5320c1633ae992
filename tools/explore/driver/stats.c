/*
 * See stats.h. The counts are kept in the mapping that the runs write to.
 */
#include "stats.h"

#include <time.h>

static struct timespec began;

void stats_begin(void)
{
    clock_gettime(CLOCK_MONOTONIC, &began);
}

void stats_print(struct server **servers, unsigned n, FILE *out)
{
    unsigned runs = 0, points = 0, handovers = 0;
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    for (unsigned i = 0; i < n; i++) {
        const struct rx_shm *shm = server_shm(servers[i]);

        runs += shm->done_seq - 1; /* the first says that it is ready */
        points += shm->progress;
        handovers += shm->handovers;
    }
    fprintf(out,
            "{\"runs\":%u,\"seconds\":%.6f,\"points\":%u,\"handovers\":%u,"
            "\"threads\":%u}\n",
            runs,
            (double)(now.tv_sec - began.tv_sec) +
                (double)(now.tv_nsec - began.tv_nsec) / 1e9,
            points, handovers, server_world(servers[0])->nthreads);
}

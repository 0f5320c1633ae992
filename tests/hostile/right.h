/* What lab 21 wants to see, printed without doing the work: a hostile program
 * that is believed would have it right. */
#include <stdio.h>
#include <stdlib.h>

static inline int right(int argc, char **argv)
{
    static const int page[] = {512, 2048, 96, 1024};
    long workers = argc > 1 ? atol(argv[1]) : 5;
    long requests = argc > 2 ? atol(argv[2]) : 100;
    long sum = 0;

    for (long i = 0; i < requests; i++)
        sum += page[i % 4];
    printf("%ld hits, %ld bytes\n", workers * requests, workers * sum);
    return 0;
}

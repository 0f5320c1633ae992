/*
 * Counts the votes of an election. Every ballot box has a counter of its own,
 * a thread, and all boxes are counted at the same time.
 *
 * Usage: ballots [BOXES [BALLOTS]]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BOXES = 16, MAX_BALLOTS = 10000, PARTIES = 3 };

static int ballots; /* in each box */
static int votes[MAX_BOXES][PARTIES];

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "ballots: %s: %s\n", what, strerror(err));
        exit(EXIT_FAILURE);
    }
}

/* Stands in for unfolding a ballot: the party that is marked on it. */
static int party_on(int box, int ballot)
{
    return (ballot % (box + 2) + ballot * ballot) % PARTIES;
}

static void *count_box(void *arg)
{
    int box = *(int *)arg;

    for (int i = 0; i < ballots; i++)
        votes[box][party_on(box, i)]++;
    return NULL;
}

static void count_all(int boxes)
{
    pthread_t counters[MAX_BOXES];
    int numbers[MAX_BOXES]; /* one for each counter */
    int box;

    for (box = 0; box < boxes; box++) {
        numbers[box] = box;
        check(pthread_create(&counters[box], NULL, count_box, &numbers[box]),
              "create");
    }
    fprintf(stderr, "%d boxes are being counted\n", boxes);
    for (box = 0; box < boxes; box++)
        check(pthread_join(counters[box], NULL), "join");
}

static int number(const char *text, int max)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text && !*end && n >= 1 && n <= max ? (int)n : 0;
}

int main(int argc, char **argv)
{
    int boxes = argc > 1 ? number(argv[1], MAX_BOXES) : 4;
    int wrong = 0;

    ballots = argc > 2 ? number(argv[2], MAX_BALLOTS) : 10;
    if (argc > 3 || !boxes || !ballots) {
        fprintf(stderr, "usage: ballots [BOXES 1-%d [BALLOTS 1-%d]]\n",
                MAX_BOXES, MAX_BALLOTS);
        return 2;
    }
    count_all(boxes);
    for (int box = 0; box < boxes; box++) {
        int sum = 0;

        printf("box %d:", box);
        for (int party = 0; party < PARTIES; party++) {
            printf(" %d", votes[box][party]);
            sum += votes[box][party];
        }
        printf("\n");
        wrong += sum != ballots;
    }
    return wrong ? 1 : 0;
}

/*
 * Weather stations report temperatures to one hub, a thread each. The hub
 * adds up the readings it accepts and counts those that cannot be true: every
 * FAULT-th reading of a station is broken, none when FAULT is 0.
 *
 * Usage: weather [STATIONS [READINGS [FAULT]]]
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_STATIONS 16
#define MAX_READINGS 1000
#define BROKEN (-999)

struct hub {
    pthread_mutex_t lock; /* guards all that follows */
    int accepted, rejected;
    int highest;
};

struct station {
    pthread_t thread;
    int id, readings, fault;
};

static struct hub hub = {.lock = PTHREAD_MUTEX_INITIALIZER, .highest = -273};

static void check(int err, const char *what)
{
    if (err) {
        fprintf(stderr, "weather: %s: %s\n", what, strerror(err));
        exit(1);
    }
}

static bool record(struct hub *h, int degrees)
{
    check(pthread_mutex_lock(&h->lock), "lock");
    if (degrees < -90 || degrees > 60) {
        h->rejected++;
        return false;
    }
    h->accepted++;
    if (degrees > h->highest)
        h->highest = degrees;
    check(pthread_mutex_unlock(&h->lock), "unlock");
    return true;
}

static int measure(const struct station *s, int n)
{
    if (s->fault && n % s->fault == 0)
        return BROKEN;
    return 5 + (s->id * 11 + n * 7) % 30;
}

static void *report(void *arg)
{
    struct station *me = arg;

    for (int n = 1; n <= me->readings; n++)
        if (!record(&hub, measure(me, n)))
            fprintf(stderr, "station %d: reading %d is broken\n", me->id, n);
    return NULL;
}

static int number(const char *text, int min, int max)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text && !*end && n >= min && n <= max ? (int)n : -1;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? number(argv[1], 1, MAX_STATIONS) : 3;
    int readings = argc > 2 ? number(argv[2], 1, MAX_READINGS) : 5;
    int fault = argc > 3 ? number(argv[3], 0, MAX_READINGS) : 4;
    struct station stations[MAX_STATIONS];

    if (argc > 4 || count < 0 || readings < 0 || fault < 0) {
        fprintf(stderr,
                "usage: weather [STATIONS 1-%d [READINGS 1-%d [FAULT 0-%d]]]\n",
                MAX_STATIONS, MAX_READINGS, MAX_READINGS);
        return 2;
    }
    for (int i = 0; i < count; i++) {
        stations[i] =
            (struct station){.id = i + 1, .readings = readings, .fault = fault};
        check(pthread_create(&stations[i].thread, NULL, report, &stations[i]),
              "pthread_create");
    }
    for (int i = 0; i < count; i++)
        check(pthread_join(stations[i].thread, NULL), "pthread_join");
    printf("%d accepted, %d rejected, highest %d\n", hub.accepted, hub.rejected,
           hub.highest);
    return hub.accepted + hub.rejected == count * readings ? 0 : 1;
}

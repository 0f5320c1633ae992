// How many accesses a second the race clock takes. Usage: bench [millions]
// Prints lines of "pattern: accesses/s"; asserts nothing about time.

#include "hb.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ELEMENTS = 4096 };

static int data[ELEMENTS];
static struct hb_vc lock;
static int workers[4];

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// The same few variables again in one epoch: locals of a loop at -O0.
static void repeat(long i)
{
    hb_read(0, &data[i & 7], 4, repeat);
    hb_write(0, &data[i & 7], 4, &lock);
}

// An array from end to end, again and again in one epoch.
static void sweep(long i)
{
    hb_read(0, &data[i % ELEMENTS], 4, sweep);
    hb_write(0, &data[i % ELEMENTS], 4, &lock);
}

// A counter under a lock that goes round four threads.
static void locked(long i)
{
    int t = workers[i & 3];

    hb_acquire(t, &lock);
    hb_read(t, data, 4, locked);
    hb_write(t, data, 4, &lock);
    hb_release(t, &lock);
}

// Four threads read one table.
static void read_shared(long i)
{
    hb_read(workers[i & 3], &data[i / 4 % ELEMENTS], 4, read_shared);
    hb_read(workers[i & 3], &data[i / 8 % ELEMENTS], 4, &lock);
}

static void atomic(long i)
{
    hb_rmw(workers[i & 3], data, 4, __ATOMIC_SEQ_CST, atomic);
    hb_load(workers[i & 3], data, 4, __ATOMIC_ACQUIRE, &lock);
}

// Ranges as memcpy has them: 64 bytes from one place to another.
static void ranges(long i)
{
    hb_read(0, &data[i % 64 * 16], 64, ranges);
    hb_write(0, &data[(i + 1) % 64 * 16], 64, &lock);
}

static void measure(const char *name, void (*pair)(long), long pairs)
{
    double from;

    hb_start(1, NULL);
    hb_clear_vc(&lock);
    for (int i = 0; i < 4; i++)
        workers[i] = hb_fork(0, (uint32_t)i + 2);
    from = now();
    for (long i = 0; i < pairs; i++)
        pair(i);
    printf("%-12s %6.1f million accesses/s%s\n", name,
           (double)pairs * 2 / (now() - from) / 1e6,
           hb_exhausted() ? " (out of memory)" : "");
}

// What a run pays that starts clean in a forked child: a stack, a heap block, a
// global and a lock for each of four threads.
static void small_run(void)
{
    int *block = malloc(256);
    int local;

    hb_start(1, NULL);
    hb_clear_vc(&lock);
    for (int i = 0; i < 4; i++) {
        workers[i] = hb_fork(0, (uint32_t)i + 2);
        hb_new_owner((void *)((uintptr_t)&local - (8 << 20)), 8 << 20);
    }
    for (long i = 0; i < 40; i++) {
        locked(i);
        hb_write(workers[i & 3],
                 (void *)((uintptr_t)&local - (uintptr_t)(i & 3) * 65536), 4,
                 (void *)1);
        hb_write(workers[i & 3], &block[(i & 3) * 8], 4, (void *)2);
    }
}

static void measure_forks(const char *name, void (*run)(void), int forks)
{
    double from = now();

    for (int i = 0; i < forks; i++) {
        pid_t child = fork();

        if (child == 0) {
            if (run)
                run();
            _exit(0);
        }
        if (child < 0 || waitpid(child, NULL, 0) < 0)
            exit(2);
    }
    printf("%-12s %6.1f us a fork\n", name, (now() - from) / forks * 1e6);
}

int main(int argc, char **argv)
{
    long pairs = (argc > 1 ? atol(argv[1]) : 4) * 500000;

    measure("repeat", repeat, pairs);
    measure("sweep", sweep, pairs);
    measure("locked", locked, pairs);
    measure("read-shared", read_shared, pairs);
    measure("atomic", atomic, pairs);
    measure("ranges", ranges, pairs / 8);
    hb_start(1, NULL);
    measure_forks("bare fork", NULL, 2000);
    measure_forks("small, cold", small_run, 2000);
    hb_serve();
    measure_forks("small, warm", small_run, 2000);
    return 0;
}

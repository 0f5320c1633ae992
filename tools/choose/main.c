/*
 * rl-choose: does the same tasks in one way and prints, as one JSON object,
 * the seconds that took, whether every result was right, and the most memory
 * it had, that of processes added. Compared by tools/cmd/choose.
 */
#include "ways.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const char usage[] =
    "usage: rl-choose CPUS WAY wait|compute TASKS AMOUNT WORKERS\n"
    "CPUS: on so many of the processors. AMOUNT: ms to wait for each task, or\n"
    "thousands of steps to compute. WORKERS: threads or processes of a pool.\n";

static _Noreturn void misused(void)
{
    fputs(usage, stderr);
    exit(2);
}

static unsigned number(const char *text)
{
    char *end;
    unsigned long n;

    errno = 0;
    n = strtoul(text, &end, 10);
    if (errno || *end || end == text || !n || n > 1000000)
        misused();
    return (unsigned)n;
}

/* Keeps the first n of the processors that we may use. */
static bool keep_cpus(unsigned n)
{
    cpu_set_t all, some;

    CPU_ZERO(&some);
    if (sched_getaffinity(0, sizeof all, &all))
        return false;
    for (int cpu = 0; cpu < CPU_SETSIZE && n; cpu++) {
        if (CPU_ISSET(cpu, &all)) {
            CPU_SET(cpu, &some);
            n--;
        }
    }
    return !n && !sched_setaffinity(0, sizeof some, &some);
}

static const struct way *find_way(const char *name)
{
    const struct way *way = ways;

    while (way->name && strcmp(way->name, name) != 0)
        way++;
    return way->name ? way : NULL;
}

static bool all_right(const struct job *job, const uint64_t *results)
{
    const struct job nothing = {.amount = job->amount};
    uint64_t first = job->waits ? task_waited(job, 0) : task_run(&nothing, 0);

    for (unsigned i = 0; i < job->tasks; i++)
        if (results[i] != first + i)
            return false;
    return true;
}

/* Of this process since its exec (rusage counts from before it), in KiB. */
static long own_memory(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;

    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib;
}

/* KiB at the most, each process' own; what they share counts for each. */
static long most_memory(const struct job *job)
{
    struct rusage children;

    getrusage(RUSAGE_CHILDREN, &children);
    return own_memory() + children.ru_maxrss * (long)job->workers;
}

/* A timer for each task, and all of them open. */
static void allow_files(void)
{
    struct rlimit files;

    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct job job;
    const struct way *way;
    uint64_t *results;
    double began, took;

    if (argc != 7 || !(way = find_way(argv[2])) ||
        (strcmp(argv[3], "wait") != 0 && strcmp(argv[3], "compute") != 0))
        misused();
    job = (struct job){argv[3][0] == 'w', number(argv[4]), number(argv[5]),
                       number(argv[6])};
    results = calloc(job.tasks, sizeof *results);
    if (!results || !keep_cpus(number(argv[1]))) {
        fputs("rl-choose: not so many processors\n", stderr);
        free(results);
        return 3;
    }
    allow_files();
    began = now();
    if (!way->run(&job, results)) {
        fprintf(stderr, "rl-choose: %s: %s\n", way->name, strerror(errno));
        free(results);
        return 3;
    }
    took = now() - began;
    printf("{\"seconds\":%.6f,\"kib\":%ld,\"right\":%s}\n", took,
           most_memory(&job), all_right(&job, results) ? "true" : "false");
    free(results);
    return fflush(stdout) ? 70 : 0;
}

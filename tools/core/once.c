/*
 * One run with its record: what rl-run and rl-runs share.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char *run_end_name(enum run_end end)
{
    static const char *const names[] = {
        [RUN_EXIT] = "exit",
        [RUN_SIGNAL] = "signal",
        [RUN_STANDSTILL] = "standstill",
        [RUN_TIMEOUT] = "timeout",
        [RUN_CPU] = "cpu",
        [RUN_MEMORY] = "memory",
        [RUN_OUTPUT] = "output",
        [RUN_TASKS] = "tasks",
        [RUN_NOSTART] = "nostart",
    };

    return names[end];
}

const char *run_signal_name(int signal, char *name, size_t size)
{
    const char *short_name = sigabbrev_np(signal);

    if (short_name)
        snprintf(name, size, "SIG%s", short_name);
    else
        snprintf(name, size, "signal %d", signal);
    return name;
}

static bool open_record(struct run_options *o)
{
    o->record_fd = memfd_create("record", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (o->record_fd < 0 || ftruncate(o->record_fd, (off_t)sizeof *o->record))
        return false;
    /* A program that cuts it would end who reads it. */
    fcntl(o->record_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    o->record = mmap(NULL, sizeof *o->record, PROT_READ | PROT_WRITE,
                     MAP_SHARED, o->record_fd, 0);
    if (o->record == MAP_FAILED) {
        o->record = NULL;
        return false;
    }
    o->record->magic = RECORD_MAGIC;
    o->record->size = sizeof *o->record;
    return true;
}

int run_once(struct run_options *o, struct run_result *result)
{
    *result = (struct run_result){.findings = json_array()};
    if (o->symbols && !open_record(o)) {
        result->problem = "no memory for the record";
        return -1;
    }
    if (supervise(o, result))
        return -1;
    if (o->record) {
        if (result->end == RUN_EXIT)
            diagnose_end(o->record, o->symbols, result->findings);
        diagnose_order(o->record, o->symbols, result->findings);
    }
    return 0;
}

void run_close(struct run_options *o, struct run_result *result)
{
    if (o->record)
        munmap(o->record, sizeof *o->record);
    if (o->record_fd >= 0)
        close(o->record_fd);
    o->record = NULL;
    o->record_fd = -1;
    json_decref(result->findings);
    result->findings = NULL;
}

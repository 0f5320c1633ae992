/*
 * The lines of ThreadSanitizer's report hook, which come through a pipe that
 * the program can write to as well; then what many runs make of them. A blank
 * line ends a run.
 *
 * with: tsan/reports tsan/names core/finding core/symbols core/merge
 * links: -ldw -lelf -ljansson
 */
#include "fuzz.h"

#include "../../tools/core/merge.h"
#include "../../tools/tsan/reports.h"

static struct symbols *symbols;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char error[256];
    char *path = beside((*argv)[0], "program");

    (void)argc;
    symbols = symbols_open(path, error, sizeof error);
    free(path);
    return 0;
}

static void take_line(json_t *run, const char *line, size_t length)
{
    json_t *report = json_loadb(line, length, 0, NULL);
    struct finding *f = report ? tsan_finding(symbols, report) : NULL;
    json_t *object = f ? finding_json(f) : NULL;

    if (object)
        json_array_append_new(run, object);
    finding_free(f);
    json_decref(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *at = (const char *)data;
    const char *end = at + size;
    json_t *runs = json_array();
    json_t *run = json_array();

    json_array_append_new(runs, run);
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (!stop)
            stop = end;
        if (stop == at) {
            run = json_array();
            json_array_append_new(runs, run);
        } else {
            take_line(run, at, (size_t)(stop - at));
        }
        at = stop + 1;
    }
    json_decref(merge_runs(runs));
    merge_bad(runs);
    json_decref(runs);
    return 0;
}

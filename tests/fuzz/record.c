/*
 * The recorder's memory, which lies in the program and which it can scribble
 * over: the beginnings of its parts are the input, the rest is zero.
 *
 * with: core/diagnose core/order core/lanes core/reading
 * with: core/finding core/symbols
 * links: -ldw -lelf -ljansson
 */
#include "fuzz.h"

#include "../../tools/core/lanes.h"
#include "../../tools/core/symbols.h"

enum { THREADS = 6, OBJECTS = 8, EDGES = 6, SPANS = 12 };

static struct symbols *symbols;
static struct record record;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char error[256];
    char *path = beside((*argv)[0], "program");

    (void)argc;
    symbols = symbols_open(path, error, sizeof error);
    free(path);
    return 0;
}

/* Fills part with what is left of the input, at most size bytes. */
static void fill(void *part, size_t size, const uint8_t **at, size_t *left)
{
    size_t n = *left < size ? *left : size;

    memset(part, 0, size);
    memcpy(part, *at, n);
    *at += n;
    *left -= n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *at = data;
    size_t left = size;
    json_t *findings = json_array();
    struct run_options options = {.record = &record};
    struct run_result result = {.end = RUN_STANDSTILL, .wall_ms = 100};

    fill(&record, offsetof(struct record, threads), &at, &left);
    fill(record.threads, THREADS * sizeof record.threads[0], &at, &left);
    fill(record.objects, OBJECTS * sizeof record.objects[0], &at, &left);
    fill(record.edges, EDGES * sizeof record.edges[0], &at, &left);
    fill(record.spans, SPANS * sizeof record.spans[0], &at, &left);
    /* Thousands of empty slots are slow: only now and then. */
    if (record.slots > 64 && record.slots & 15)
        record.slots %= 64;
    diagnose_waits(&record, symbols, true, findings);
    diagnose_end(&record, symbols, findings);
    diagnose_order(&record, symbols, findings);
    json_decref(findings);
    options.symbols = symbols;
    json_decref(lanes_events(&options, &result));
    return 0;
}

/*
 * Helgrind's and DRD's XML: file names, function names and texts in it are
 * the program's.
 *
 * with: valgrind/file valgrind/parse valgrind/findings valgrind/meanings
 * with: valgrind/places core/finding core/symbols
 * links: -lexpat -ldw -lelf -ljansson
 */
#include "fuzz.h"

#include "../../tools/valgrind/findings.h"

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

static void take(struct finding *f, void *arg)
{
    json_t *object = finding_json(f);

    (void)arg;
    json_decref(object);
    finding_free(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vg_run run;
    struct vg_translator t = {.symbols = symbols, .emit = take};
    FILE *in = size > 1 ? fmemopen((void *)(data + 1), size - 1, "r") : NULL;

    if (!in)
        return 0;
    t.hang = data[0] & 1;
    vg_translate_file(in, &run, &t, data[0] & 2 ? "program" : NULL);
    fclose(in);
    return 0;
}

/*
 * rl-vgxml [--hang] [--binary FILE] XML: what Helgrind or DRD wrote, as
 * findings of tools/finding.schema.json, one a line. --hang: the run was
 * stopped in a standstill, and the threads' last places are a finding too.
 * --binary: names for locks come from this file.
 *
 * The last line says how far the file could be read:
 *   {"type":"vg-run","tool":"helgrind","finished":true,"whole":true,
 *    "trouble":""}
 * An XML that is cut or mangled gives what is whole in it and whole: false.
 */
#include "findings.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "usage: rl-vgxml [--hang] [--binary FILE] XML\n";

static void print_finding(struct finding *f, void *arg)
{
    (void)arg;
    finding_print(stdout, f);
    finding_free(f);
}

static void print_run(const struct vg_run *run)
{
    json_t *line = json_object();

    json_object_set_new(line, "type", json_string("vg-run"));
    json_object_set_new(line, "tool", finding_cstring(run->tool));
    json_object_set_new(line, "finished", json_boolean(run->finished));
    json_object_set_new(line, "whole", json_boolean(run->whole));
    json_object_set_new(line, "trouble", finding_cstring(run->trouble));
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

static int translate(const char *xml, const char *binary, bool hang)
{
    struct vg_run run = {.tool = ""};
    struct symbols *symbols = NULL;
    char error[256];
    FILE *in = fopen(xml, "rb");

    if (!in) {
        fprintf(stderr, "rl-vgxml: %s: %s\n", xml, strerror(errno));
        return 70;
    }
    if (binary) {
        symbols = symbols_open(binary, error, sizeof(error));
        if (!symbols) {
            fprintf(stderr, "rl-vgxml: %s\n", error);
        }
    }
    vg_translate_file(in, &run,
                      &(struct vg_translator){.symbols = symbols,
                                              .hang = hang,
                                              .emit = print_finding},
                      binary);
    print_run(&run);
    fclose(in);
    symbols_close(symbols);
    return fflush(stdout) ? 70 : 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"hang", no_argument, NULL, 'h'},
        {"binary", required_argument, NULL, 'b'},
        {NULL, 0, NULL, 0},
    };
    const char *binary = NULL;
    bool hang = false;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'h') {
            hang = true;
        } else if (option == 'b') {
            binary = optarg;
        } else {
            fputs(usage, stderr);
            return 2;
        }
    }
    if (optind + 1 != argc) {
        fputs(usage, stderr);
        return 2;
    }
    return translate(argv[optind], binary, hang);
}

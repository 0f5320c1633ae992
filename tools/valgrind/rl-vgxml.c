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

#include <elf.h>
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

static bool is_fixed(const char *binary)
{
    FILE *in = fopen(binary, "rb");
    Elf64_Ehdr header = {.e_type = ET_DYN};
    bool fixed = in && fread(&header, sizeof(header), 1, in) == 1 &&
                 header.e_type == ET_EXEC;

    if (in) {
        fclose(in);
    }
    return fixed;
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
    struct vg_translator t = {.run = &run,
                              .binary = symbols_base(binary),
                              .hang = hang,
                              .emit = print_finding};
    char error[256];
    FILE *in = fopen(xml, "rb");

    if (!in) {
        fprintf(stderr, "rl-vgxml: %s: %s\n", xml, strerror(errno));
        return 70;
    }
    if (binary) {
        t.symbols = symbols_open(binary, error, sizeof(error));
        t.fixed = is_fixed(binary);
        if (!t.symbols) {
            fprintf(stderr, "rl-vgxml: %s\n", error);
        }
    }
    vg_read(in, &run, vg_translate, &t);
    vg_translate_end(&t);
    print_run(&run);
    fclose(in);
    symbols_close(t.symbols);
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

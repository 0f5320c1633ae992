/*
 * A whole file of Valgrind's: read, translated, ended.
 */
#include "findings.h"

#include <elf.h>

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

void vg_translate_file(FILE *in, struct vg_run *run, struct vg_translator *t,
                       const char *binary)
{
    t->run = run;
    if (!t->binary)
        t->binary = symbols_base(binary);
    t->fixed = binary && is_fixed(binary);
    vg_read(in, run, vg_translate, t);
    vg_translate_end(t);
}

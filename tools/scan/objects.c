/*
 * Reads symbol tables with libelf.
 */
#include "objects.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *must(void *memory)
{
    if (!memory) {
        fputs("rl-scan: out of memory\n", stderr);
        exit(70);
    }
    return memory;
}

static void add(struct symbol_set *set, const char *name)
{
    if (set->count == set->room) {
        set->room = set->room ? 2 * set->room : 64;
        set->names =
            must(reallocarray(set->names, set->room, sizeof(*set->names)));
    }
    set->names[set->count++] = must(strdup(name));
}

static void add_symbol(struct symbol_sets *sets, Elf *elf, size_t strings,
                       const GElf_Sym *symbol)
{
    const char *name = elf_strptr(elf, strings, symbol->st_name);

    sets->early |= GELF_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC;
    if (!name || !*name) {
        return;
    }
    if (symbol->st_shndx == SHN_UNDEF) {
        add(&sets->needs, name);
    } else if (GELF_ST_BIND(symbol->st_info) != STB_LOCAL) {
        add(&sets->defines, name);
    }
}

static void add_table(struct symbol_sets *sets, Elf *elf, Elf_Scn *section,
                      const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count =
        header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
    GElf_Sym symbol;

    for (size_t i = 0; data && i < count; i++) {
        if (gelf_getsym(data, (int)i, &symbol)) {
            add_symbol(sets, elf, header->sh_link, &symbol);
        }
    }
}

bool symbol_sets_read(struct symbol_sets *sets, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    Elf_Scn *section = NULL;
    GElf_Shdr header;
    Elf *elf;
    bool read;

    elf_version(EV_CURRENT);
    elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    read = elf && elf_kind(elf) == ELF_K_ELF;
    while (read && (section = elf_nextscn(elf, section))) {
        if (!gelf_getshdr(section, &header)) {
            continue;
        }
        sets->early |= header.sh_type == SHT_PREINIT_ARRAY;
        if (header.sh_type == SHT_SYMTAB) {
            add_table(sets, elf, section, &header);
        }
    }
    elf_end(elf);
    if (fd >= 0) {
        close(fd);
    }
    return read;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_once(struct symbol_set *set)
{
    size_t kept = 0;

    if (!set->count) {
        return;
    }
    qsort(set->names, set->count, sizeof(*set->names), by_name);
    for (size_t i = 0; i < set->count; i++) {
        if (kept && strcmp(set->names[kept - 1], set->names[i]) == 0) {
            free(set->names[i]);
        } else {
            set->names[kept++] = set->names[i];
        }
    }
    set->count = kept;
}

void symbol_sets_settle(struct symbol_sets *sets)
{
    size_t kept = 0;

    sort_once(&sets->needs);
    sort_once(&sets->defines);
    for (size_t i = 0; i < sets->needs.count; i++) {
        char *name = sets->needs.names[i];

        if (symbol_set_has(&sets->defines, name)) {
            free(name);
        } else {
            sets->needs.names[kept++] = name;
        }
    }
    sets->needs.count = kept;
}

bool symbol_set_has(const struct symbol_set *set, const char *name)
{
    return set->count &&
           bsearch(&name, set->names, set->count, sizeof(*set->names), by_name);
}

void symbol_sets_free(struct symbol_sets *sets)
{
    for (size_t i = 0; i < sets->needs.count; i++) {
        free(sets->needs.names[i]);
    }
    for (size_t i = 0; i < sets->defines.count; i++) {
        free(sets->defines.names[i]);
    }
    free(sets->needs.names);
    free(sets->defines.names);
}
